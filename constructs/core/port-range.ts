/** A range of ports. */
export interface PortRange {
  /** First port of the range. */
  readonly start: number;

  /** Last port of the range. */
  readonly end: number;
}
