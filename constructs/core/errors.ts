import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

/**
 * What is wrong in a construct tree, gathered to be reported all at once.
 *
 * cdktf stops at the first stack whose validation fails, so every stack reports the findings of the whole tree.
 */
export class Findings {
  public static of(scope: IConstruct): Findings {
    const root = scope.node.root;
    const existing = trees.get(root);
    if (existing !== undefined) {
      return existing;
    }
    const made = new Findings();
    trees.set(root, made);
    return made;
  }

  private readonly messages: string[] = [];
  private readonly checks: (() => string[])[] = [];
  private readonly reporting = new WeakSet<TerraformStack>();

  private constructor() {}

  /** Adds what was found wrong at a construct. */
  public add(at: IConstruct, message: string): void {
    this.messages.push(withPath(at, message));
    this.reportIn(at);
  }

  /** Adds a check that can be made only when the whole tree is there; it returns messages that end with a path. */
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

const trees = new WeakMap<IConstruct, Findings>();

/** Records an error to be reported, with all others, when the app is synthesized. */
export function refuse(at: IConstruct, message: string): void {
  Findings.of(at).add(at, message);
}

/** A message as it is reported: with the path of the construct that it is about. */
export function withPath(at: IConstruct, message: string): string {
  return `${message} (at ${at.node.path})`;
}
