import { basename } from "node:path";
import { matching, selectAcceptanceTests, selectEndToEndTests } from "./select";

describe("matching", () => {
  const names = ["TestMigration", "TestMigrationFault", "TestPool"];

  test("returns every name that the pattern matches", () => {
    expect(matching("test", names, "Migration")).toEqual(["TestMigration", "TestMigrationFault"]);
    expect(matching("test", names, "^TestP")).toEqual(["TestPool"]);
  });

  test("returns every name without a pattern", () => {
    expect(matching("test", names)).toEqual(names);
  });

  test("fails and lists the existing names if none matches", () => {
    expect(() => matching("acceptance test", names, "Migratoin")).toThrow(
      new Error(
        "no acceptance test matches 'Migratoin'; choose from\n  TestMigration\n  TestMigrationFault\n  TestPool",
      ),
    );
  });
});

describe("selectAcceptanceTests", () => {
  test("selects tests by the part of the pattern before a slash", () => {
    const [name = ""] = selectAcceptanceTests();

    expect(name).toMatch(/^Test[A-Z]/);
    expect(selectAcceptanceTests(`^${name}$/a_subtest`)).toEqual([name]);
  });

  test("fails and lists the names of the tests if none matches", () => {
    expect(() => selectAcceptanceTests("NoSuchTest")).toThrow(
      /^no acceptance test matches 'NoSuchTest'; choose from\n( {2}Test\w+\n)+/,
    );
  });
});

describe("selectEndToEndTests", () => {
  test("selects files by a part of their name", () => {
    expect(selectEndToEndTests("pipel").map((file) => basename(file))).toEqual(["pipeline.test.ts"]);
  });

  test("fails and lists the names of the files if none matches", () => {
    expect(() => selectEndToEndTests("nothing")).toThrow(
      /^no end-to-end test matches 'nothing'; choose from\n( {2}\w+\n)* {2}pipeline\n/,
    );
  });
});
