/**
 * Builds the documentation as a static site, in .cache/site: the pages that docs/navigation.json lists, and a page for each
 * construct.
 *
 *     tsx release/site/build.mts
 */
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { Application } from "typedoc";
import { Constructs } from "./constructs.mjs";
import { deadLinks } from "./dead-links.js";
import { Documents } from "./documents.mjs";
import { readNavigation } from "./navigation.js";
import { defineTheme } from "./theme.mjs";

const root = resolve(import.meta.dirname, "..", "..");
const site = join(root, ".cache", "site");

/** @returns what is wrong with the site */
async function build(): Promise<readonly string[]> {
  const sections = readNavigation(root);
  const [home = "", ...pages] = sections.flatMap((section) => section.pages);
  const app = await Application.bootstrap({
    name: "kvm-fleet",
    basePath: root,
    entryPoints: [join(root, "constructs", "index.ts")],
    tsconfig: join(root, "tsconfig.json"),
    readme: join(root, home),
    projectDocuments: pages.map((page) => join(root, page)),
    out: site,
    theme: "site",
    router: "site",
    customCss: join(import.meta.dirname, "site.css"),
    sort: ["kind", "instance-first", "required-first", "alphabetical"],
    excludePrivate: true,
    excludeInternal: true,
    disableSources: true,
    hideGenerator: true,
    includeHierarchySummary: false,
    searchInComments: true,
    searchInDocuments: true,
    logLevel: "Warn",
    jsDocCompatibility: { defaultTag: false },
    // `npm run lint` checks the types.
    skipErrorChecking: true,
    highlightLanguages: ["diff", "go", "groovy", "hcl", "json", "shell", "terraform", "typescript", "xml", "yaml"],
  });
  defineTheme(app, sections, new Documents(app), new Constructs(app));

  const project = await app.convert();
  if (project === undefined) throw new Error("the constructs cannot be read; 'npm run lint' says why");
  app.validate(project);
  rmSync(site, { recursive: true, force: true });
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) return ["the site is not complete, see above"];
  return deadLinks(site);
}

const problems = await build();
for (const problem of problems) {
  console.error(problem);
}
if (problems.length === 0) console.log(`open ${join(site, "index.html")}`);
process.exitCode = problems.length === 0 ? 0 : 1;
