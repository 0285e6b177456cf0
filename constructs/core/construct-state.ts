import type { IConstruct } from "constructs";

/**
 * State that belongs to a construct and is not part of its public interface.
 *
 * It is kept beside the construct, and freed together with it.
 *
 * @typeParam T what is kept
 * @typeParam C the constructs that have it: the root of an app, a stack, or constructs of one kind
 */
export class ConstructState<T extends object, C extends IConstruct = IConstruct> {
  private readonly states = new WeakMap<C, T>();

  /** @param create makes the state of a construct when it is first asked for */
  constructor(private readonly create: (construct: C) => T) {}

  /** The state of a construct. */
  public of(construct: C): T {
    const existing = this.states.get(construct);
    if (existing !== undefined) {
      return existing;
    }
    const state = this.create(construct);
    this.states.set(construct, state);
    return state;
  }
}
