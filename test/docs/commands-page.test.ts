import { readFileSync } from "node:fs";
import { commandsPage, page } from "./commands-page";

describe("the page of commands", () => {
  test("is generated from the commands as they are; run 'npm run commands' and commit the page", () => {
    expect(readFileSync(page, "utf8")).toBe(commandsPage());
  });

  test("has each command with its arguments, choices and defaults", () => {
    const text = commandsPage();

    expect(text).toContain("## kvm-fleet separation verify\n");
    expect(text).toContain("\nkvm-fleet plan [options] [stack...]\n");
    expect(text).toContain("One of `github`, `gitlab`, `none`.");
    expect(text).toContain("| `--name <name>` | Name of the lab. Default: `lab`. |");
    expect(text).toContain("for `deploy --plan`; the files contain secrets.");
  });
});
