/** The first and the last of some ports. */
export interface PortRange {
  /** First port of the range. */
  readonly start: number;

  /** Last port of the range. */
  readonly end: number;
}
