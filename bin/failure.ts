/** What went wrong in words that a user can act on: shown as it is, without a stack. */
export class Failure extends Error {}

/** The command line can't be carried out as it is. */
export class UsageFailure extends Failure {}

/** Exit codes of every command. */
export const exitCodes = {
  /** It did what it was asked, or there was nothing to do. */
  done: 0,
  failed: 1,
  /** `plan` found changes, as `terraform plan -detailed-exitcode` has it. */
  changes: 2,
  /** The command line makes no sense (EX_USAGE): not 2, which CI must be able to take for 'there are changes'. */
  usage: 64,
} as const;
