import { type AttributeSchema, attributesIn, isSettable, type NestedSchema, pascalCase } from "./schema";

/** How an attribute of one Terraform type appears in TypeScript. */
export interface AttributeType {
  /** What a configuration may set it to. */
  readonly input: string;
  /** The type of the token that reading it from a resource returns. Terraform fills the token in. */
  readonly reference: string;
  /** The method of TerraformResource that returns the reference. */
  readonly getter: string;
  /** The function in binding.ts that renders it, for an attribute that holds objects. */
  readonly renderer?: string;
}

const primitives: Readonly<Record<string, AttributeType>> = {
  string: { input: "string", reference: "string", getter: "getStringAttribute" },
  number: { input: "number", reference: "number", getter: "getNumberAttribute" },
  bool: { input: "boolean | IResolvable", reference: "IResolvable", getter: "getBooleanAttribute" },
};

const collections: Readonly<Record<string, AttributeType>> = {
  "list(string)": { input: "readonly string[]", reference: "string[]", getter: "getListAttribute" },
  "set(string)": { input: "readonly string[]", reference: "string[]", getter: "getListAttribute" },
  "list(number)": { input: "readonly number[]", reference: "number[]", getter: "getNumberListAttribute" },
  "set(number)": { input: "readonly number[]", reference: "number[]", getter: "getNumberListAttribute" },
  "map(string)": {
    input: "Readonly<Record<string, string>>",
    reference: "Record<string, string>",
    getter: "getStringMapAttribute",
  },
  "map(number)": {
    input: "Readonly<Record<string, number>>",
    reference: "Record<string, number>",
    getter: "getNumberMapAttribute",
  },
};

/**
 * Returns the TypeScript types of an attribute.
 *
 * @param owner the path of the attribute, for the error message
 * @param nestedName the name of the interface of its objects, if it holds objects
 */
export function attributeType(owner: string, attribute: AttributeSchema, nestedName: string): AttributeType {
  if (attribute.nested_type !== undefined) {
    return nestedAttributeType(attribute.nested_type, nestedName);
  }
  const { type } = attribute;
  const found =
    typeof type === "string"
      ? primitives[type]
      : type !== undefined && typeof type[1] === "string"
        ? collections[`${type[0]}(${type[1]})`]
        : undefined;
  if (found === undefined) {
    throw new Error(
      `the type ${JSON.stringify(type)} is not supported; add it to gen/attribute-type.ts, or use a nested attribute (at ${owner})`,
    );
  }
  return found;
}

/** The name of the interface for an attribute's objects: the name of its owner and its own, as in every cdktf provider. */
export function nestedInterfaceName(owner: string, attributeName: string): string {
  return `${owner}${pascalCase(attributeName)}`;
}

/** Whether nothing can be set in an attribute's objects. Such a map is used for its keys only. */
export function isEmpty(nested: NestedSchema): boolean {
  return !Object.values(attributesIn(nested)).some(isSettable);
}

function nestedAttributeType(nested: NestedSchema, interfaceName: string): AttributeType {
  const name = isEmpty(nested) ? "Record<string, never>" : interfaceName;
  const { renderer, ...type } = renderedAttributeType(nested, name);
  return isEmpty(nested) ? type : { ...type, renderer };
}

function renderedAttributeType(nested: NestedSchema, name: string): AttributeType {
  const common = { reference: "IResolvable", getter: "interpolationForAttribute" };
  switch (nested.nesting_mode) {
    case "single":
      return { ...common, input: `${name} | IResolvable`, renderer: "nestedSingle" };
    case "map":
      return {
        ...common,
        input: `Readonly<Record<string, ${name} | IResolvable>> | IResolvable`,
        renderer: "nestedMap",
      };
    case "list":
    case "set":
      return { ...common, input: `readonly (${name} | IResolvable)[] | IResolvable`, renderer: "nestedList" };
  }
}
