import { pollUntil } from "./poll";

/** How long processes may take to end once they have been killed. */
const DEATH_DEADLINE = 20_000;

/** Kills processes until none is alive; those that come up meanwhile too. */
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
    // It has ended by itself.
  }
}
