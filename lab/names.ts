const GREEK =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega".split(
    " ",
  );

/** The last byte of a host's fabric address is its number, so a lab ends at this many. */
const MOST_HOSTS = 250;

/** Room for '/run/kvm-fleet/<lab>/<host>/libvirt-sock' in the 108 bytes of a unix socket's path. */
const LAB_NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** The names of a lab's first `count` hosts: the Greek alphabet, then h25, h26, ... */
export function hostNames(count: number): string[] {
  if (!Number.isInteger(count) || count < 1 || count > MOST_HOSTS) {
    throw new Error(`a lab has 1 to ${MOST_HOSTS} hosts, got ${count}`);
  }
  return Array.from({ length: count }, (_, index) => GREEK[index] ?? `h${index + 1}`);
}

/** Where a host stands in its lab, counted from 0; undefined for what is not a host's name. */
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
