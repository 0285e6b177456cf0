/**
 * An element or attributes in libvirt's XML of a network that no property represents.
 *
 * @see https://libvirt.org/formatnetwork.html
 */
export interface NetworkXml {
  /**
   * The element, in the form in which libvirt returns it: `<ip address="10.1.1.1" prefix="24"/>`.
   *
   * @default - `attributes`, see there
   */
  readonly element?: string;

  /**
   * XML attributes of the element that `under` names: `{ trustGuestRxFilters: "yes" }`. The element keeps its other attributes.
   *
   * @default - an `element`, see there
   */
  readonly attributes?: Readonly<Record<string, string>>;

  /**
   * Path of the element that contains the `element` or has the `attributes`, below `network`: `forward`, `ip/dhcp`.
   * Of several elements that have a key in a plan, it names one by that key, and of others by their number: `portgroup[staff]`.
   *
   * @default - `network` itself
   */
  readonly under?: string;
}
