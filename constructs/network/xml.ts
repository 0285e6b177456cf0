/**
 * An element of libvirt's XML of a network that no property represents.
 *
 * @see https://libvirt.org/formatnetwork.html
 */
export interface NetworkXml {
  /** The element, in the form in which libvirt returns it: `<ip address="10.1.1.1" prefix="24"/>`. */
  readonly element: string;

  /**
   * Path of the parent element below `network`: `forward`, `ip/dhcp`.
   *
   * @default - `network` itself
   */
  readonly under?: string;
}
