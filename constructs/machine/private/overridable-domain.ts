import { Domain } from "@cdktf/provider-libvirt";
import { DefaultTokenResolver, StringConcat, Tokenization } from "cdktf";

/** A domain of which `addOverride` can override a part of any attribute. cdktf cannot merge into one that is read late. */
export class OverridableDomain extends Domain {
  protected override synthesizeAttributes(): Record<string, unknown> {
    const overridden = Object.keys(this.rawOverrides as object);
    return Object.fromEntries(
      Object.entries(super.synthesizeAttributes()).map(([name, value]) => [
        name,
        overridden.includes(name) && Tokenization.isResolvable(value) ? this.resolved(value) : value,
      ]),
    );
  }

  private resolved(value: unknown): unknown {
    const resolver = new DefaultTokenResolver(new StringConcat());
    return Tokenization.resolve(value, { scope: this, resolver, preparing: false }) as unknown;
  }
}
