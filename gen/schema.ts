/**
 * The part of `terraform providers schema -json` that bindings are made from.
 *
 * @see https://developer.hashicorp.com/terraform/cli/commands/providers/schema
 */
export interface ProviderSchema {
  readonly provider: BlockSchema;
  readonly resource_schemas: Readonly<Record<string, BlockSchema>>;
  /** Absent where the provider has none. */
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
  /** A primitive's name, or `["list" | "set" | "map", primitive]`; absent where there is a `nested_type`. */
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
  /** Absent where its objects have none. */
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
  readonly nesting_mode: "single" | "list" | "set" | "map";
}

/** What may be inside of an attribute's objects. */
export function attributesIn(nested: Pick<NestedSchema, "attributes">): Readonly<Record<string, AttributeSchema>> {
  return nested.attributes ?? {};
}

/** Whether a configuration may set the attribute; what only the provider computes is a reference and nothing else. */
export function isSettable(attribute: AttributeSchema): boolean {
  return attribute.required === true || attribute.optional === true;
}

/** An attribute's or a resource's name as TypeScript writes it: `user_data` becomes `userData`. */
export function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase());
}

/** A name as a class or an interface has it: `cloudinit_disk` becomes `CloudinitDisk`. */
export function pascalCase(name: string): string {
  return camelCase(`_${name}`);
}
