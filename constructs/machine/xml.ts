/** An element of libvirt's XML that nothing else here stands for. */
export interface MachineXml {
  /** The element, spelled as libvirt gives it back: `<hub type="usb"/>`. */
  readonly element: string;

  /**
   * Path of the element that it stands in, below `domain`: `devices`, `cpu`, `features`.
   *
   * @default - `domain` itself
   */
  readonly under?: string;
}
