/** A step of a command that takes a while, on standard output. */
export function progress(line: string): void {
  console.log(`==> ${line}`);
}

/** The same where standard output is for what was asked: a table, or JSON. */
export function quietProgress(line: string): void {
  console.error(`==> ${line}`);
}
