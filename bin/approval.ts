import { UsageFailure } from "./failure";

/** Reads `--auto-approve`. Without that option a change asks on the terminal, so it fails where there is none. */
export function readApproval(
  options: { readonly autoApprove?: boolean },
  what: string,
): { readonly autoApprove: boolean } {
  const autoApprove = options.autoApprove === true;
  if (!autoApprove && !process.stdin.isTTY) {
    throw new UsageFailure(`'${what}' requires approval, but there is no terminal to ask on; add '--auto-approve'`);
  }
  return { autoApprove };
}
