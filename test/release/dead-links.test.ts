import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deadLinks } from "../../release/site/dead-links";

describe("the links of the site", () => {
  let site: string;

  beforeEach(() => {
    site = mkdtempSync(join(tmpdir(), "kvm-fleet-site-"));
    mkdirSync(join(site, "docs"));
    writeFileSync(
      join(site, "docs", "hosts.html"),
      '<h2 id="memory">Memory</h2><a href="../index.html#start">start</a>',
    );
  });

  afterEach(() => {
    rmSync(site, { recursive: true });
  });

  test("include pictures", () => {
    writeFileSync(join(site, "index.html"), '<h1 id="start">Start</h1><img alt="zones" src="zones.svg"/>');

    expect(deadLinks(site)).toEqual(["index.html: the link 'zones.svg' leads nowhere"]);
  });

  test.each([
    ["docs/hosts.html", true],
    ["docs/hosts.html#memory", true],
    ["#start", true],
    ["https://example.org/docs/none.html", true],
    ["docs/none.html", false],
    ["docs/hosts.html#none", false],
    ["#none", false],
  ])("are checked: %s", (link, leadsSomewhere) => {
    writeFileSync(join(site, "index.html"), `<h1 id="start">Start</h1><a class="x" href="${link}">link</a>`);

    expect(deadLinks(site)).toEqual(leadsSomewhere ? [] : [`index.html: the link '${link}' leads nowhere`]);
  });
});
