/** The names of a platform for which there is a provider. */
export interface Platform {
  /** As in Node.js, in the name of the npm package: `linux-x64`. */
  readonly name: string;
  /** As in Go and Terraform, in the folders of a mirror: `linux_amd64`. */
  readonly target: string;
}

/** The name that Node.js has for this platform. */
export function thisPlatform(): string {
  return `${process.platform}-${process.arch}`;
}

/** The name that Go has for this platform. */
export function thisTarget(): string {
  const architectures: Partial<Record<string, string>> = { x64: "amd64", ia32: "386" };
  return `${process.platform}_${architectures[process.arch] ?? process.arch}`;
}
