import { UsageFailure } from "./failure";

/** Whether a change goes on without a question; where one would have to be asked and there is nobody to ask, it fails. */
export function approval(options: { readonly autoApprove?: boolean }, what: string): { readonly autoApprove: boolean } {
  const autoApprove = options.autoApprove === true;
  if (!autoApprove && !process.stdin.isTTY) {
    throw new UsageFailure(`'${what}' would ask for approval, and there is no terminal; say --auto-approve`);
  }
  return { autoApprove };
}
