/**
 * An element of libvirt's XML of a storage pool that no property represents.
 *
 * @see https://libvirt.org/formatstorage.html#storage-pool-xml
 */
export interface StoragePoolXml {
  /** The element, in the form in which libvirt returns it: `<refresh><volume allocation="capacity"/></refresh>`. */
  readonly element: string;

  /**
   * Path of the parent element below `pool`: `source`.
   *
   * @default - `pool` itself
   */
  readonly under?: string;
}
