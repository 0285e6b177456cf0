import { type Application, type CommentDisplayPart, Converter, type DocumentReflection } from "typedoc";

/** The Markdown pages of the site. */
export class Documents {
  /** The document of each page, by its path in the checkout without its extension. */
  private readonly byPath = new Map<string, DocumentReflection>();
  private readonly paths = new Map<DocumentReflection, string>();

  constructor(app: Application) {
    app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
      // At first, TypeDoc names a document by its path.
      this.byPath.set(document.name, document);
      this.paths.set(document, document.name);
      document.content = document.content.map(withoutCodeInHeading);
      document.name = titleOf(document);
    });
  }

  public pathOf(document: DocumentReflection): string {
    return this.paths.get(document) ?? document.name;
  }

  /** @param page a path in the checkout, such as `docs/hosts.md` */
  public find(page: string): DocumentReflection {
    const document = this.byPath.get(page.replace(/\.md$/, ""));
    if (document === undefined) throw new Error(`${page} is not a page; correct docs/navigation.json`);
    return document;
  }
}

/** The first heading of a page. */
function titleOf({ name, content }: DocumentReflection): string {
  const text = content.map((part) => part.text).join("");
  const [, title = name] = /^# (.+)$/m.exec(text) ?? [];
  return title;
}

/** TypeDoc leaves code in headings out of the outline of a page. */
function withoutCodeInHeading(
  part: CommentDisplayPart,
  index: number,
  parts: readonly CommentDisplayPart[],
): CommentDisplayPart {
  const isInHeading = /(^|\n)#+ [^\n]*$/.test(parts[index - 1]?.text ?? "");
  return part.kind === "code" && isInHeading ? { kind: "text", text: part.text.replaceAll("`", "") } : part;
}
