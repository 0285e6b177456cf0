import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { ConstructState } from "./construct-state";

/**
 * The errors of a construct tree, collected so that synthesis reports all of them at once.
 *
 * cdktf stops at the first stack whose validation fails, so every stack reports the errors of the whole tree.
 */
class ErrorReport {
  private readonly messages: string[] = [];
  private readonly checks: (() => string[])[] = [];
  private readonly reporting = new Set<TerraformStack>();

  public add(at: IConstruct, message: string): void {
    this.messages.push(withPath(at, message));
    this.reportIn(at);
  }

  public addCheck(at: IConstruct, check: () => string[]): void {
    this.checks.push(check);
    this.reportIn(at);
  }

  private reportIn(at: IConstruct): void {
    const stack = TerraformStack.of(at);
    if (!this.reporting.has(stack)) {
      this.reporting.add(stack);
      stack.node.addValidation({ validate: () => [...this.messages, ...this.checks.flatMap((check) => check())] });
    }
  }
}

const reports = new ConstructState(() => new ErrorReport());

/** Records an error at a construct. Synthesis reports it with all others. */
export function addError(at: IConstruct, message: string): void {
  reports.of(at.node.root).add(at, message);
}

/** Adds a check that runs when the whole tree is there. It returns messages that end with a path, see `withPath`. */
export function addCheck(at: IConstruct, check: () => string[]): void {
  reports.of(at.node.root).addCheck(at, check);
}

/** A message as it is reported: with the path of the construct that it is about. */
export function withPath(at: IConstruct, message: string): string {
  return `${message} (at ${at.node.path})`;
}
