import { TerraformElement, TerraformModule, TerraformResource, TerraformStack } from "cdktf";
import { type IConstruct, type Node, RootConstruct } from "constructs";
import { ConstructState } from "./construct-state";
import { addCheck, withPath } from "./errors";
import { formerPaths } from "./former-paths";

/** What the state has an address for. */
type Addressed = TerraformModule | TerraformResource;

/**
 * The `moved` blocks of a stack: one for each resource and module in a construct that has moved.
 *
 * cdktf's `moveFromId` is not used: it accepts one former address only, and then every synthesis runs `terraform
 * version`.
 *
 * @see https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
 */
class MovedResources extends TerraformElement {
  constructor(private readonly stack: TerraformStack) {
    super(stack, "MovedResources");
    addCheck(stack, () => this.findConflicts());
  }

  public override toTerraform(): object {
    const moved = this.moves();
    return moved.length > 0 ? { moved } : {};
  }

  public override toHclTerraform(): object {
    const reference = (value: string) => ({ value, isBlock: false, type: "simple", storageClassType: "reference" });
    const moved = this.moves().map(({ from, to }) => ({ from: reference(from), to: reference(to) }));
    return moved.length > 0 ? { moved } : {};
  }

  /** From each former address to the next one, because Terraform allows one source for an address. */
  private moves(): readonly { readonly from: string; readonly to: string }[] {
    return this.elements().flatMap((element) => {
      const former = this.formerAddresses(element);
      return former.map((from, index) => ({ from, to: former[index + 1] ?? addressOf(element) }));
    });
  }

  private formerAddresses(element: Addressed): readonly string[] {
    const hasOwnId = element.friendlyUniqueId !== this.stack.getLogicalId(element);
    const hasOwnMove = TerraformResource.isTerraformResource(element) && Boolean(element.hasResourceMove());
    if (hasOwnId || hasOwnMove) {
      return [];
    }
    const addresses = formerPaths(element).map((path) => prefixOf(element) + this.logicalIdAt(path, element));
    return [...new Set(addresses)].filter((address) => address !== addressOf(element));
  }

  /** The logical id that the stack gives to an element at another path. */
  private logicalIdAt(path: string, element: Addressed): string {
    const constructs = path.split("/").map((id) => new RootConstruct(id));
    const node = Object.create(element.node, { scopes: { value: [this.stack, ...constructs] } }) as Node;
    return this.stack.getLogicalId(node);
  }

  /** Reports former addresses that are in use, once for each construct. */
  private findConflicts(): string[] {
    const elements = this.elements();
    const present = new Map(elements.map((element) => [addressOf(element), ownerOf(element)]));
    const former = new Map<string, IConstruct>();
    const messages = new Map<IConstruct, string>();
    for (const element of elements) {
      const owner = ownerOf(element);
      for (const address of this.formerAddresses(element)) {
        const existing = present.get(address);
        const other = former.get(address);
        former.set(address, owner);
        if (existing !== undefined) {
          messages.set(owner, stillExists(existing));
        } else if (other !== undefined) {
          messages.set(owner, `'formerly' must be unique, '${address}' is also that of ${other.node.path}; change one`);
        }
      }
      const replaced = this.findReplaced(owner);
      if (replaced !== undefined) {
        messages.set(owner, stillExists(replaced));
      }
    }
    return [...messages].map(([owner, message]) => withPath(owner, message));
  }

  /** A construct with a resource of another type at a former path of this one. */
  private findReplaced(construct: IConstruct): IConstruct | undefined {
    return formerPaths(construct)
      .map((path) => path.split("/").reduce<IConstruct | undefined>(childOf, this.stack))
      .find((other) => other !== construct && TerraformResource.isTerraformResource(other?.node.defaultChild));
  }

  private elements(): readonly Addressed[] {
    return this.stack.node
      .findAll()
      .filter((node) => node instanceof TerraformModule || TerraformResource.isTerraformResource(node));
  }
}

const movedResources = new ConstructState((stack: TerraformStack) => new MovedResources(stack));

/** Emits the `moved` blocks of a stack. */
export function moveResources(stack: TerraformStack): void {
  movedResources.of(stack);
}

function childOf(construct: IConstruct | undefined, id: string): IConstruct | undefined {
  return construct?.node.tryFindChild(id);
}

function stillExists(other: IConstruct): string {
  return (
    `'formerly' must not name a construct that still exists, got the path of ${other.node.path}; ` +
    "remove 'formerly', or give the other construct another id"
  );
}

function prefixOf(element: Addressed): string {
  return element instanceof TerraformModule ? "module." : `${element.terraformResourceType}.`;
}

function addressOf(element: Addressed): string {
  return prefixOf(element) + element.friendlyUniqueId;
}

/** The construct that a resource belongs to: itself if it is at the top of its stack. */
function ownerOf(element: Addressed): IConstruct {
  const { scope } = element.node;
  return scope === undefined || TerraformStack.isStack(scope) ? element : scope;
}
