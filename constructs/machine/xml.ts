/**
 * An element of libvirt's XML that no other property represents.
 *
 * @see https://libvirt.org/formatdomain.html
 */
export interface MachineXml {
  /** The element, in the form in which libvirt returns it: `<hub type="usb"/>`. */
  readonly element: string;

  /**
   * Path of the parent element below `domain`: `devices`, `cpu`, `features`.
   *
   * @default - `domain` itself
   */
  readonly under?: string;
}
