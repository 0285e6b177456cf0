import { attributeType, isEmpty, nestedInterfaceName } from "./attribute-type";
import { attributeDoc, docComment } from "./doc-comment";
import {
  type AttributeSchema,
  attributesIn,
  type BlockSchema,
  camelCase,
  isSettable,
  type NestedSchema,
  pascalCase,
} from "./schema";

/** The provider that the bindings are for. */
export interface ProviderIdentity {
  /** The fully qualified source address, so that terraform and tofu use the same installed provider. */
  readonly source: string;
  readonly version: string;
}

type Attributes = Readonly<Record<string, AttributeSchema>>;

// Members of TerraformResource and TerraformProvider. An attribute of such a name would hide the member.
const reserved = new Set(
  (
    "alias cdktfStack connection constructNodeMetadata count dependsOn forEach fqn friendlyUniqueId lifecycle node " +
    "provider provisioners terraformGeneratorMetadata terraformMetaArguments terraformResourceType toString"
  ).split(" "),
);

/** Renders the file of a resource: its interfaces, its class, and a function for each nested object. */
export function renderResource(type: string, schema: BlockSchema, identity: ProviderIdentity): string {
  const name = pascalCase(type.replace(/^[^_]+_/, ""));
  return renderElement(type, name, schema, identity, {
    base: "TerraformResource",
    imports: ["ImportableResource", "TerraformMetaArguments", "TerraformResource", "TerraformProvider"],
    members: `
  /**
   * Writes an import block. \`cdktf diff\` then shows the configuration of the existing object.
   *
   * @param importToId the id of the construct to generate
   * @param importFromId the id that \`terraform import\` takes
   */
  public static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource {
    return new ImportableResource(scope, importToId, {
      terraformResourceType: ${name}.tfResourceType,
      importId: importFromId,
      provider,
    });
  }
`,
  });
}

/** Renders the file of a data source. The class has the name that cdktf gives it: `DataLibvirtHost` for `libvirt_host`. */
export function renderDataSource(type: string, schema: BlockSchema, identity: ProviderIdentity): string {
  return renderElement(type, `Data${pascalCase(type)}`, schema, identity, {
    base: "TerraformDataSource",
    imports: ["TerraformDataSource", "TerraformMetaArguments"],
    members: "",
  });
}

/** The parts in which resources and data sources differ. */
interface Element {
  readonly base: string;
  readonly imports: readonly string[];
  readonly members: string;
}

function renderElement(
  type: string,
  name: string,
  schema: BlockSchema,
  identity: ProviderIdentity,
  element: Element,
): string {
  const attributes = attributesOf(type, schema);
  const settable = settableOf(attributes);
  return `
${imports(name, attributes, element.imports)}

${docComment(schema.block.description)}export interface ${name}Config extends TerraformMetaArguments {
${properties(name, settable)}
}

${nestedInterfaces(name, settable)}

${docComment(schema.block.description, `Reading an attribute returns a reference that Terraform fills in. \`…Input\` returns the value that was set.`)}export class ${name} extends ${element.base} {
  public static readonly tfResourceType = "${type}";
${element.members}
  private readonly inputs: Inputs<${name}Config>;

  constructor(scope: Construct, id: string, config: ${name}Config) {
    super(scope, id, {
      ...config,
      terraformResourceType: ${name}.tfResourceType,
      terraformGeneratorMetadata: ${metadata(type, identity)},
    });
    this.inputs = { ...config };
  }

${accessors(name, attributes, "reference")}

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
${Object.entries(settable)
  .map(([key, attribute]) => `      ${key}: ${rendered(name, key, attribute, `this.inputs.${camelCase(key)}`)},`)
  .join("\n")}
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}

${nestedRenderers(name, settable)}
`;
}

/** Renders the file of the provider. */
export function renderProvider(local: string, schema: BlockSchema, identity: ProviderIdentity): string {
  const name = `${pascalCase(local)}Provider`;
  const attributes = attributesOf(name, schema);
  return `
${imports(name, attributes, ["Lazy", "TerraformProvider"])}

${docComment(schema.block.description)}export interface ${name}Config {
${properties(name, attributes)}

  /** Distinguishes this configuration of the provider from others in the same stack. */
  readonly alias?: string;
}

${nestedInterfaces(name, attributes)}

${docComment(schema.block.description)}export class ${name} extends TerraformProvider {
  public static readonly tfResourceType = "${local}";

  private readonly inputs: Inputs<${name}Config>;

  constructor(scope: Construct, id: string, config: ${name}Config) {
    super(scope, id, {
      terraformResourceType: ${name}.tfResourceType,
      terraformGeneratorMetadata: ${metadata(local, identity)},
      terraformProviderSource: "${identity.source}",
    });
    this.inputs = { ...config };
  }

  /** Distinguishes this configuration of the provider from others in the same stack. */
  public override get alias(): string | undefined {
    return this.inputs.alias;
  }

  public override set alias(value: string | undefined) {
    this.inputs.alias = value;
  }

${accessors(name, attributes, "input")}

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
${Object.entries(attributes)
  .map(([key, attribute]) => `      ${key}: ${keptAsWritten(name, key, attribute)},`)
  .join("\n")}
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}

${nestedRenderers(name, attributes)}
`;
}

function attributesOf(owner: string, schema: BlockSchema): Attributes {
  if (Object.keys(schema.block.block_types ?? {}).length > 0) {
    throw new Error(
      `blocks are not supported; make each block a nested attribute in the provider's schema (at ${owner})`,
    );
  }
  const attributes = schema.block.attributes ?? {};
  for (const name of Object.keys(attributes)) {
    if (reserved.has(camelCase(name))) {
      throw new Error(`'${name}' is a name that cdktf itself uses; rename the attribute (at ${owner})`);
    }
  }
  return attributes;
}

function settableOf(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, attribute]) => isSettable(attribute)));
}

function metadata(type: string, identity: ProviderIdentity): string {
  const providerName = type.replace(/_.*$/, "");
  return `{ providerName: "${providerName}", providerVersion: "${identity.version}", providerVersionConstraint: "${identity.version}" }`;
}

function imports(owner: string, attributes: Attributes, cdktf: readonly string[]): string {
  const source = JSON.stringify(attributes);
  const shared = renderersIn(owner, settableOf(attributes));
  const resolvable = source.includes('"nesting_mode"') || source.includes('"bool"') ? ["IResolvable"] : [];
  const names = [...cdktf, ...resolvable]
    .sort((a, b) => a.localeCompare(b))
    .map((name) => (typeOnly.has(name) ? `type ${name}` : name));
  return `import { ${names.join(", ")} } from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, ${[...shared, "toHclAttributes"].join(", ")} } from "../binding";`;
}

/** The functions of binding.ts that render these attributes and the objects in them. */
function renderersIn(owner: string, attributes: Attributes): string[] {
  const used = new Set(
    [{ name: owner, nested: { attributes } }, ...nestedObjects(owner, attributes)].flatMap(({ name, nested }) =>
      Object.entries(settableOf(attributesIn(nested))).map(([key, attribute]) => typeOf(name, key, attribute).renderer),
    ),
  );
  return ["nestedList", "nestedMap", "nestedSingle"].filter((renderer) => used.has(renderer));
}

const typeOnly = new Set(["IResolvable", "TerraformMetaArguments"]);

function properties(owner: string, attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([key, attribute]) => {
      const { input } = typeOf(owner, key, attribute);
      return `${attributeDoc(attribute)}readonly ${camelCase(key)}${attribute.required === true ? "" : "?"}: ${input};`;
    })
    .join("\n\n");
}

function accessors(owner: string, attributes: Attributes, read: "reference" | "input"): string {
  return Object.entries(attributes)
    .map(([key, attribute]) => {
      const name = camelCase(key);
      const type = typeOf(owner, key, attribute);
      const input = attribute.required === true ? type.input : `${type.input} | undefined`;
      const reference = `${attributeDoc(attribute)}public get ${name}(): ${type.reference} {
        return this.${type.getter}("${key}");
      }`;
      const value = `${attributeDoc(attribute)}public get ${name}(): ${input} {
        return this.inputs.${name};
      }`;
      const settable = `public set ${name}(value: ${input}) {
        this.inputs.${name} = value;
      }`;
      const inputReader = `public get ${name}Input(): ${input} {
        return this.inputs.${name};
      }`;
      if (read === "input") {
        return [value, settable].join("\n\n");
      }
      return isSettable(attribute) ? [reference, settable, inputReader].join("\n\n") : reference;
    })
    .join("\n\n");
}

function typeOf(owner: string, key: string, attribute: AttributeSchema): ReturnType<typeof attributeType> {
  return attributeType(`${owner}.${key}`, attribute, nestedInterfaceName(owner, key));
}

/** Every nested object below these attributes in which a configuration can set something, the outermost first. */
function nestedObjects(owner: string, attributes: Attributes): { name: string; doc?: string; nested: NestedSchema }[] {
  return Object.entries(settableOf(attributes)).flatMap(([key, attribute]) => {
    if (attribute.nested_type === undefined || isEmpty(attribute.nested_type)) {
      return [];
    }
    const name = nestedInterfaceName(owner, key);
    const inner = nestedObjects(name, attributesIn(attribute.nested_type));
    return [{ name, doc: attribute.description, nested: attribute.nested_type }, ...inner];
  });
}

function nestedInterfaces(owner: string, attributes: Attributes): string {
  return nestedObjects(owner, attributes)
    .map(
      ({ name, doc, nested }) => `${docComment(doc)}export interface ${name} {
        ${properties(name, settableOf(attributesIn(nested)))}
      }`,
    )
    .join("\n\n");
}

function nestedRenderers(owner: string, attributes: Attributes): string {
  return nestedObjects(owner, attributes)
    .map(
      ({ name, nested }) => `function ${rendererName(name)}(value: ${name}): Record<string, unknown> {
        return {
          ${Object.entries(settableOf(attributesIn(nested)))
            .map(([key, attribute]) => `${key}: ${rendered(name, key, attribute, `value.${camelCase(key)}`)},`)
            .join("\n")}
        };
      }`,
    )
    .join("\n\n");
}

function rendered(owner: string, key: string, attribute: AttributeSchema, value: string): string {
  const { renderer } = typeOf(owner, key, attribute);
  return renderer === undefined ? value : `${renderer}(${value}, ${rendererName(nestedInterfaceName(owner, key))})`;
}

/**
 * Renders a value of the provider block. Objects are wrapped in a token, because TerraformProvider converts all keys to snake
 * case: a host named `kvm-1` would become `kvm_1`.
 */
function keptAsWritten(owner: string, key: string, attribute: AttributeSchema): string {
  const value = rendered(owner, key, attribute, `this.inputs.${camelCase(key)}`);
  return attribute.nested_type === undefined ? value : `Lazy.anyValue({ produce: () => ${value} })`;
}

function rendererName(interfaceName: string): string {
  return `${interfaceName.charAt(0).toLowerCase()}${interfaceName.slice(1)}ToTerraform`;
}
