import { renderDataSource, renderProvider, renderResource } from "../../gen/render";
import type { AttributeSchema } from "../../gen/schema";

const identity = { source: "registry.example/fleet/test", version: "1.2.3" };

function render(attributes: Record<string, AttributeSchema>): string {
  return renderResource("test_big_thing", { block: { attributes } }, identity).replace(/\s+/g, " ");
}

describe("renderResource", () => {
  test("names the class after the resource, without the provider", () => {
    expect(render({})).toContain("export class BigThing extends TerraformResource");
  });

  test("makes a property required if the schema requires it", () => {
    const text = render({
      one: { type: "string", required: true },
      two: { type: "string", optional: true },
      three: { type: "string", optional: true, computed: true },
    });

    expect(text).toContain("readonly one: string;");
    expect(text).toContain("readonly two?: string;");
    expect(text).toContain("readonly three?: string;");
  });

  test("makes a computed attribute a reference only", () => {
    const text = render({ id: { type: "string", computed: true } });

    expect(text).toContain('public get id(): string { return this.getStringAttribute("id"); }');
    expect(text).not.toContain("readonly id");
    expect(text).not.toContain("set id(");
  });

  test("copies the text of every attribute, nested or not", () => {
    const inner = { file: { type: "string", required: true, description: "Where it is." } };
    const text = render({
      disks: { nested_type: { nesting_mode: "map", attributes: inner }, optional: true, description: "Its disks." },
      password: { type: "string", optional: true, sensitive: true, description: "Opens it." },
    });

    expect(text).toContain("/** Its disks. */ readonly disks?:");
    expect(text).toContain("/** Where it is. */ readonly file: string;");
    expect(text).toContain("* Opens it. * * Sensitive: Terraform doesn't show it. */ readonly password?: string;");
  });

  test("escapes text that would end a comment", () => {
    expect(render({ path: { type: "string", optional: true, description: "A glob: a/*/b" } })).toContain(
      "/** A glob: a/*\\/b */",
    );
  });

  test("breaks long text between words", () => {
    const description = `${"long ".repeat(30)}end`;
    const text = renderResource(
      "test_it",
      { block: { attributes: { it: { type: "string", optional: true, description } } } },
      identity,
    );

    expect(
      Math.max(
        ...text
          .split("\n")
          .filter((line) => line.includes("long"))
          .map((line) => line.length),
      ),
    ).toBeLessThan(120);
    expect(text).toContain("long end\n");
  });

  test.each([
    ["string", "string"],
    ["number", "number"],
    ["bool", "boolean | IResolvable"],
    [["list", "string"], "readonly string[]"],
    [["set", "string"], "readonly string[]"],
    [["list", "number"], "readonly number[]"],
    [["map", "string"], "Readonly<Record<string, string>>"],
    [["map", "number"], "Readonly<Record<string, number>>"],
  ] as const)("takes %j as %s", (type, expected) => {
    expect(render({ it: { type, required: true } })).toContain(`readonly it: ${expected};`);
  });

  test.each([
    ["single", "BigThingIt | IResolvable"],
    ["map", "Readonly<Record<string, BigThingIt | IResolvable>> | IResolvable"],
    ["list", "readonly (BigThingIt | IResolvable)[] | IResolvable"],
    ["set", "readonly (BigThingIt | IResolvable)[] | IResolvable"],
  ] as const)("takes nested objects in a %s", (nesting_mode, expected) => {
    const attributes = { file: { type: "string", required: true } };
    expect(render({ it: { nested_type: { nesting_mode, attributes }, required: true } })).toContain(
      `readonly it: ${expected};`,
    );
  });

  test("fails on a type that is not supported", () => {
    expect(() => render({ it: { type: "dynamic", optional: true } })).toThrow(
      'the type "dynamic" is not supported; add it to gen/attribute-type.ts, or use a nested attribute (at BigThing.it)',
    );
  });

  test("fails on a name that cdktf itself uses", () => {
    expect(() => render({ count: { type: "number", optional: true } })).toThrow(
      "'count' is a name that cdktf itself uses; rename the attribute (at test_big_thing)",
    );
  });

  test("fails on blocks", () => {
    expect(() => renderResource("test_it", { block: { block_types: { disk: {} } } }, identity)).toThrow(
      "blocks are not supported; make each block a nested attribute in the provider's schema (at test_it)",
    );
  });
});

describe("renderDataSource", () => {
  const text = renderDataSource(
    "test_big_thing",
    {
      block: {
        attributes: {
          hosts: { nested_type: { nesting_mode: "map" }, required: true },
          cells: {
            nested_type: { nesting_mode: "map", attributes: { memory: { type: "number", computed: true } } },
            computed: true,
          },
        },
      },
    },
    identity,
  ).replace(/\s+/g, " ");

  test("names the class as cdktf does, with the provider's name", () => {
    expect(text).toContain("export class DataTestBigThing extends TerraformDataSource");
    expect(text).toContain('tfResourceType = "test_big_thing"');
  });

  test("has no import block", () => {
    expect(text).not.toContain("generateConfigForImport");
  });

  test("uses a map for its keys only if its objects have no attributes", () => {
    expect(text).toContain(
      "readonly hosts: Readonly<Record<string, Record<string, never> | IResolvable>> | IResolvable;",
    );
    expect(text).toContain("hosts: this.inputs.hosts,");
  });

  test("has no interface for computed objects", () => {
    expect(text).toContain('public get cells(): IResolvable { return this.interpolationForAttribute("cells"); }');
    expect(text).not.toContain("interface DataTestBigThingCells");
    expect(text).toContain('import { type Inputs, toHclAttributes } from "../binding";');
  });
});

describe("renderProvider", () => {
  test("names the provider and its version", () => {
    const text = renderProvider("test", { block: {} }, identity);

    expect(text).toContain("export class TestProvider extends TerraformProvider");
    expect(text).toContain('terraformProviderSource: "registry.example/fleet/test"');
    expect(text).toContain('providerVersion: "1.2.3"');
  });
});
