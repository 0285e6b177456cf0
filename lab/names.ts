const GREEK =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega".split(
    " ",
  );

/** The maximum number of hosts, because a host's number is the last byte of its fabric address. */
const MOST_HOSTS = 250;

/** The length limit makes '/run/kvm-fleet/<lab>/<host>/libvirt-sock' fit into the 108 bytes of a unix socket's path. */
const LAB_NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** Returns the names of a lab's first `count` hosts: the letters of the Greek alphabet, then h25, h26, ... */
export function hostNames(count: number): string[] {
  if (!Number.isInteger(count) || count < 1 || count > MOST_HOSTS) {
    throw new Error(`a lab has 1 to ${MOST_HOSTS} hosts, got ${count}`);
  }
  return Array.from({ length: count }, (_, index) => GREEK[index] ?? `h${index + 1}`);
}

/** Returns the index of a host in its lab, starting at 0, or undefined if the name is not a host's name. */
export function hostIndex(name: string): number | undefined {
  const greek = GREEK.indexOf(name);
  if (greek >= 0) return greek;
  const number = /^h([1-9][0-9]*)$/.exec(name)?.[1];
  const index = Number(number) - 1;
  return index >= GREEK.length && index < MOST_HOSTS ? index : undefined;
}

export function validateLabName(name: string): void {
  if (!LAB_NAME.test(name)) {
    throw new Error(
      `a lab's name is up to 32 lower-case letters, digits and dashes, starting with a letter, got '${name}'`,
    );
  }
}
