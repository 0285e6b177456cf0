import { setTimeout as pause } from "node:timers/promises";

const INTERVAL = 10;

/** Waits for a condition that has no event. Fails if the condition is not met within the time limit. */
export async function pollUntil(what: string, deadline: number, condition: () => boolean): Promise<void> {
  const end = Date.now() + deadline;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${deadline / 1000} s for ${what}, without success`);
    await pause(INTERVAL);
  }
}
