/** Prints a step of a long command on standard output. */
export function progress(line: string): void {
  console.log(`==> ${line}`);
}
