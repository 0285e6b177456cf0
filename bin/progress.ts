/** A step of a command that takes a while, on standard output. */
export function progress(line: string): void {
  console.log(`==> ${line}`);
}
