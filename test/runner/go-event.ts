/** One line of `go test -json`. */
export interface GoEvent {
  readonly Action: string;
  readonly Package?: string;
  /** Unset in events about the package as a whole. */
  readonly Test?: string;
  readonly Output?: string;
  readonly Elapsed?: number;
}
