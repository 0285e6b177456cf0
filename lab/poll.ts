import { setTimeout as pause } from "node:timers/promises";

const INTERVAL = 10;

/** Waits for a condition that nothing announces; fails with its name when it doesn't hold before the deadline. */
export async function pollUntil(what: string, deadline: number, condition: () => boolean): Promise<void> {
  const end = Date.now() + deadline;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${deadline / 1000} s for ${what}, in vain`);
    await pause(INTERVAL);
  }
}
