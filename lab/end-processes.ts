import { pollUntil } from "./poll";

/** The time limit for processes to end after they are killed, in milliseconds. */
const DEATH_DEADLINE = 20_000;

/** Kills processes until none is alive, including those that start meanwhile. */
export async function endProcesses(whose: string, alive: () => number[]): Promise<void> {
  await pollUntil(`the processes of ${whose} to end`, DEATH_DEADLINE, () => {
    const processes = alive();
    processes.forEach(kill);
    return processes.length === 0;
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // The process has already ended.
  }
}
