/** The number of an IPv4 address in dotted decimal, from 0 to 2^32 - 1; undefined when it is no such address. */
export function parseIpv4(text: string): number | undefined {
  const octets = text.split(".");
  if (octets.length !== 4) {
    return undefined;
  }
  let address = 0;
  for (const octet of octets) {
    // No leading zeros: inet_aton takes '010' for eight, inet_pton refuses it.
    if (!/^(0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255) {
      return undefined;
    }
    address = address * 256 + Number(octet);
  }
  return address;
}

/** The address of that number in dotted decimal. */
export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}
