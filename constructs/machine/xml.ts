/**
 * An element or attributes in libvirt's XML that no other property represents.
 *
 * @see https://libvirt.org/formatdomain.html
 */
export interface MachineXml {
  /**
   * The element, in the form in which libvirt returns it: `<hub type="usb"/>`.
   *
   * @default - `attributes`, see there
   */
  readonly element?: string;

  /**
   * XML attributes of the element that `under` names: `{ queue_size: "1024" }`. The element keeps its other attributes.
   *
   * @default - an `element`, see there
   */
  readonly attributes?: Readonly<Record<string, string>>;

  /**
   * Path of the element that contains the `element` or has the `attributes`, below `domain`: `devices`, `cpu`, `features`.
   * Of several elements that have a key in a plan, it names one by that key, and of others by their number: `devices/disk[vda]/driver`.
   *
   * @default - `domain` itself
   */
  readonly under?: string;
}
