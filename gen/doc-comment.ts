import type { AttributeSchema } from "./schema";

/** The width of the text: lines have 120 characters, and the comment's marks and indentation need some of them. */
const width = 112;

/** Returns a TSDoc comment with these paragraphs, or an empty string if there are none. */
export function docComment(...paragraphs: readonly (string | undefined)[]): string {
  const text = paragraphs.filter((paragraph) => paragraph !== undefined && paragraph.trim() !== "").join("\n\n");
  if (text === "") {
    return "";
  }
  const lines = text.replaceAll("*/", "*\\/").split("\n").flatMap(wrap);
  const only = lines.length === 1 ? lines[0] : undefined;
  return only === undefined
    ? `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`
    : `/** ${only} */\n`;
}

/** Returns the TSDoc comment of an attribute. */
export function attributeDoc(attribute: AttributeSchema): string {
  return docComment(
    attribute.description,
    attribute.sensitive === true ? "Sensitive: Terraform doesn't show it." : undefined,
    attribute.write_only === true ? "Write-only: Terraform doesn't keep it in its state." : undefined,
    attribute.deprecated === true ? "@deprecated" : undefined,
  );
}

/** Breaks a line between words. An indented line (code, a list) is not broken. */
function wrap(line: string): readonly string[] {
  if (line.length <= width || line.startsWith(" ")) {
    return [line];
  }
  const at = line.lastIndexOf(" ", width);
  return at < 0 ? [line] : [line.slice(0, at), ...wrap(line.slice(at + 1))];
}
