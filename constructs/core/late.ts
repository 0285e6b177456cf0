import { type IResolvable, Token } from "cdktf";

/**
 * A field of a resource that is read when the app is synthesized, after everything was added to the resource's construct.
 *
 * It does what cdktf's Lazy does, records no stack trace, and its value can be read before synthesis as well.
 */
export class Late<T> implements IResolvable {
  public readonly creationStack: string[] = [];

  /** @param read returns the value; undefined leaves the field out */
  constructor(public readonly read: () => T | undefined) {}

  public resolve(): T | undefined {
    return this.read();
  }

  public toString(): string {
    return Token.asString(this);
  }
}
