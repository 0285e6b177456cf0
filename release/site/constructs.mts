import { dirname, relative, resolve } from "node:path";
import {
  type Application,
  Comment,
  CommentTag,
  Converter,
  type DeclarationReflection,
  normalizePath,
  type ProjectReflection,
  type Reflection,
  ReflectionFlag,
  ReflectionKind,
} from "typedoc";

const library = resolve(import.meta.dirname, "..", "..", "constructs");

/** The pages of the construct library, made from its doc comments. */
export class Constructs {
  /** The exports of each folder of the library, in the order of its index. */
  public readonly byFolder = new Map<string, DeclarationReflection[]>();

  constructor(app: Application) {
    app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, declaration) => {
      if (declaration.kindOf(ReflectionKind.Module)) {
        declaration.name = "constructs";
      } else if (declaration.parent?.kindOf([ReflectionKind.Project, ReflectionKind.Module]) === true) {
        const file = context.getSymbolFromReflection(declaration)?.declarations?.[0]?.getSourceFile().fileName;
        if (file === undefined) return;
        this.add(relative(library, dirname(file)), declaration);
        // A link to the file of a class leads to the page of the class.
        if (declaration.kindOf(ReflectionKind.Class)) {
          context.project.files.registerReflectionPath(normalizePath(file), declaration);
        }
      }
    });
    app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
      [...this.byFolder.values()].flat().forEach(showProperties);
      reflectionsOf(project).forEach(simplify);
    });
  }

  private add(folder: string, declaration: DeclarationReflection): void {
    this.byFolder.set(folder, [...(this.byFolder.get(folder) ?? []), declaration]);
  }
}

function reflectionsOf(project: ProjectReflection): readonly Reflection[] {
  return Object.values(project.reflections);
}

/** Shows the properties that the constructor and the static methods of a class take on the page of the class. */
function showProperties(declaration: DeclarationReflection): void {
  const signatures = (declaration.children ?? []).flatMap((child) => child.signatures ?? []);
  const types = signatures
    .flatMap(({ parameters = [] }) => parameters)
    .filter(({ name }) => name === "props" || name === "attributes")
    .flatMap(({ type }) => (type?.type === "reference" ? [type.name] : []));
  for (const type of new Set(types)) {
    declaration.comment ??= new Comment();
    declaration.comment.blockTags.push(new CommentTag("@expandType", [{ kind: "text", text: type }]));
  }
}

/** Removes what the code says for its compiler, and puts the default of a property at the end of its description. */
function simplify(reflection: Reflection): void {
  reflection.flags.setFlag(ReflectionFlag.Readonly, false);
  const { comment } = reflection;
  const tag = comment?.getTag("@default");
  if (comment === undefined || tag === undefined) return;
  const text = Comment.combineDisplayParts(tag.content).replace(/^```\w*\n|\n```$/g, "");
  // '- ' begins a description of the default, see docs/style.md.
  const shown = text.startsWith("- ") ? text.slice(2) : text.replace(/^([^\s]+)/, "`$1`");
  comment.removeTags("@default");
  comment.summary.push({ kind: "text", text: `\n\n**Default:** ${shown}` });
}
