import type { AdoptableHost } from "../pipeline/adoptable";
import type { Value } from "./code";
import { HostParts } from "./host-parts";
import { className, Names } from "./names";
import type { Left, Part } from "./part";
import type { Choice } from "./site";
import { importedBy, statements, usedBy } from "./statements";

/** What the written files import, and are called. */
export interface FileNames {
  /** The name of the stack, and of its file without the ending. */
  readonly stack: string;
  /** `cdktf`, or its successor. */
  readonly library: string;
  /** What the construct library is imported from. */
  readonly constructs: string;
  /** The end of the path of an imported file: empty, or `.js` for modules. */
  readonly ending: string;
}

/** The code for some hosts. */
export interface WrittenStack {
  readonly parts: readonly Part[];
  readonly left: readonly Left[];
  readonly content: string;
}

/** An object to import: the address of its resource, and the id by which Terraform imports it. */
export interface Import {
  readonly to: string;
  readonly id: string;
}

/**
 * Writes the file of a stack with what hosts have.
 *
 * @param overrides what the constructs have no property for, by the key of the object
 */
export function stackFile(
  hosts: readonly AdoptableHost[],
  choice: Choice,
  names: FileNames,
  overrides: ReadonlyMap<string, Value> = new Map(),
): WrittenStack {
  const [variables, machineIds] = [Names.ofVariables(), new Names(hosts.map(({ name }) => name).join(" "))];
  const all = hosts.map((host) => new HostParts(host, choice, variables, machineIds, hosts.length === 1));
  const parts = all.flatMap((host) => host.parts);
  const used = usedBy(parts);
  const body = statements(parts, { names: variables, used, overrides });
  const hasOverrides = body.includes("override(");
  const type = `${className(names.stack)}Stack`;
  const library = ["LocalBackend", ...(hasOverrides ? ["type TerraformResource"] : []), "TerraformStack"];
  const content = `import { ${library.join(", ")} } from "${names.library}";
import type { Construct } from "constructs";
${importLine([...new Set(importedBy(parts))].sort(), names.constructs)}
import { importExisting } from "./${names.stack}.imports${names.ending}";

/** What was on ${hosts.map(({ name }) => name).join(", ")} when it was adopted. */
export class ${type} extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // The file of the state. Colleagues and pipelines need a state that they share: use a PgBackend or an S3Backend for them.
    new LocalBackend(this, { path: "../../../${names.stack}.tfstate" });

${body}
    importExisting(this);
  }
}
${hasOverrides ? overrideFunction : ""}`;
  return { parts, left: all.flatMap(({ left }) => left), content };
}

function importLine(names: readonly string[], from: string): string {
  const line = `import { ${names.join(", ")} } from "${from}";`;
  return line.length <= 120 ? line : `import {\n${names.map((name) => `  ${name},\n`).join("")}} from "${from}";`;
}

const overrideFunction = `
/** Sets attributes of the provider for which a construct has no property, or another value. */
function override(construct: Construct, attributes: object, id = "Default"): void {
  const resource = construct.node.findChild(id) as TerraformResource;
  for (const [name, value] of Object.entries(attributes)) {
    resource.addOverride(name, value);
  }
}
`;

/** Writes the file with the import blocks of a stack. */
export function importsFile(imports: readonly Import[], { stack, library }: FileNames): string {
  const lines = imports.map(({ to, id }) => `    { to: ${JSON.stringify(to)}, id: ${JSON.stringify(id)} },\n`);
  return `import type { TerraformStack } from "${library}";

/** What the first deployment takes over. Delete this file after it, and the two lines of ${stack}.ts that name it. */
export function importExisting(stack: TerraformStack): void {
  stack.addOverride("import", [
${lines.join("")}  ]);
}
`;
}
