/**
 * Whether Linux and DNS take it for the name of a host: labels of letters, digits and '-', with dots between.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc1123#section-2.1
 */
export function isHostname(name: string): boolean {
  const label = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
  return name.length <= 253 && name.split(".").every((part) => label.test(part));
}
