import type { AttributeSchema } from "./schema";

/** Room for the comment's own marks and its indentation in a line of 120. */
const width = 112;

/** A TSDoc comment of these paragraphs, ready to stand before what it describes; empty where there is nothing to say. */
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

/** What is said of an attribute wherever it appears. */
export function attributeDoc(attribute: AttributeSchema): string {
  return docComment(
    attribute.description,
    attribute.sensitive === true ? "Sensitive: Terraform doesn't show it." : undefined,
    attribute.write_only === true ? "Write-only: Terraform doesn't keep it in its state." : undefined,
    attribute.deprecated === true ? "@deprecated" : undefined,
  );
}

/** Breaks a line between words; one that is indented (code, a list) is left as it is. */
function wrap(line: string): readonly string[] {
  if (line.length <= width || line.startsWith(" ")) {
    return [line];
  }
  const at = line.lastIndexOf(" ", width);
  return at < 0 ? [line] : [line.slice(0, at), ...wrap(line.slice(at + 1))];
}
