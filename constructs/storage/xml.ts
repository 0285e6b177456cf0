/**
 * An element or attributes in libvirt's XML of a storage pool that no property represents.
 *
 * @see https://libvirt.org/formatstorage.html#storage-pool-xml
 */
export interface StoragePoolXml {
  /**
   * The element, in the form in which libvirt returns it: `<refresh><volume allocation="capacity"/></refresh>`.
   *
   * @default - `attributes`, see there
   */
  readonly element?: string;

  /**
   * XML attributes of the element that `under` names: `{ part_separator: "no" }`. The element keeps its other attributes.
   *
   * @default - an `element`, see there
   */
  readonly attributes?: Readonly<Record<string, string>>;

  /**
   * Path of the element that contains the `element` or has the `attributes`, below `pool`: `source`.
   * Of several elements that have a key in a plan, it names one by that key, and of others by their number: `source/device[2]`.
   *
   * @default - `pool` itself
   */
  readonly under?: string;
}
