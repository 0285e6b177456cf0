/** An error for the user: the command line prints its message, and no stack trace. */
export class Failure extends Error {}

/** An error in the command line itself. */
export class UsageFailure extends Failure {}

/** The exit codes of every command. */
export const exitCodes = {
  /** The command succeeded, or there was nothing to do. */
  done: 0,
  failed: 1,
  /** `plan` found changes, as in `terraform plan -detailed-exitcode`, or `drift` found drift. */
  changes: 2,
  /** The command line is wrong (EX_USAGE). This is not 2, because CI reads 2 as 'there are changes'. */
  usage: 64,
} as const;
