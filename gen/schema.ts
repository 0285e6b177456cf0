/**
 * The part of `terraform providers schema -json` that the bindings are generated from.
 *
 * @see https://developer.hashicorp.com/terraform/cli/commands/providers/schema
 */
export interface ProviderSchema {
  readonly provider: BlockSchema;
  readonly resource_schemas: Readonly<Record<string, BlockSchema>>;
  /** Absent if the provider has no data sources. */
  readonly data_source_schemas?: Readonly<Record<string, BlockSchema>>;
}

export interface BlockSchema {
  readonly block: {
    readonly attributes?: Readonly<Record<string, AttributeSchema>>;
    readonly block_types?: Readonly<Record<string, unknown>>;
    readonly description?: string;
  };
}

export interface AttributeSchema {
  /** The name of a primitive type, or `["list" | "set" | "map", primitive]`. Absent if there is a `nested_type`. */
  readonly type?: string | readonly [string, string];
  readonly nested_type?: NestedSchema;
  readonly description?: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly write_only?: boolean;
  readonly deprecated?: boolean;
}

export interface NestedSchema {
  /** Absent if the objects have no attributes. */
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
  readonly nesting_mode: "single" | "list" | "set" | "map";
}

/** The attributes of an attribute's objects. */
export function attributesIn(nested: Pick<NestedSchema, "attributes">): Readonly<Record<string, AttributeSchema>> {
  return nested.attributes ?? {};
}

/** Whether a configuration can set the attribute. An attribute that only the provider computes can only be referred to. */
export function isSettable(attribute: AttributeSchema): boolean {
  return attribute.required === true || attribute.optional === true;
}

/** Converts the name of an attribute or a resource: `user_data` becomes `userData`. */
export function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase());
}

/** Converts a name for a class or an interface: `domain_snapshot` becomes `DomainSnapshot`. */
export function pascalCase(name: string): string {
  return camelCase(`_${name}`);
}
