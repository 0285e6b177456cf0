import {
  type Application,
  type DeclarationReflection,
  DefaultTheme,
  type DocumentReflection,
  type NavigationElement,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
  StructureRouter,
} from "typedoc";
import type { Constructs } from "./constructs.mjs";
import type { Documents } from "./documents.mjs";
import type { Section } from "./navigation.js";

/** Adds the theme and the router `site`: the navigation is that of the sections, and pages have the paths of their files. */
export function defineTheme(
  app: Application,
  sections: readonly Section[],
  documents: Documents,
  constructs: Constructs,
): void {
  app.renderer.defineTheme(
    "site",
    class extends DefaultTheme {
      public override buildNavigation(project: ProjectReflection): NavigationElement[] {
        const home = sections[0]?.pages[0];
        const chapters = sections.map(({ title, pages }) => ({
          text: title,
          children: pages.map((page) =>
            page === home ? { ...this.element(project), text: "Overview" } : this.element(documents.find(page)),
          ),
        }));
        const folders = [...constructs.byFolder].map(([folder, declarations]) => this.folder(folder, declarations));
        return [...chapters, { text: "Constructs", children: folders }];
      }

      /** The classes of a folder, and below them its types. */
      private folder(name: string, declarations: readonly DeclarationReflection[]): NavigationElement {
        const isType = (it: DeclarationReflection): boolean =>
          it.kindOf([ReflectionKind.Interface, ReflectionKind.TypeAlias]);
        const types = declarations.filter(isType).map((it) => this.element(it));
        const others = declarations.filter((it) => !isType(it)).map((it) => this.element(it));
        return { text: name, children: types.length === 0 ? others : [...others, { text: "types", children: types }] };
      }

      private element(target: DeclarationReflection | DocumentReflection | ProjectReflection): NavigationElement {
        return { text: target.name, path: this.router.getFullUrl(target), kind: target.kind };
      }
    },
  );
  app.renderer.defineRouter(
    "site",
    class extends StructureRouter {
      protected override getIdealBaseName(target: Reflection): string {
        return target.isDocument() ? documents.pathOf(target) : super.getIdealBaseName(target);
      }
    },
  );
}
