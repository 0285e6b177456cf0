import { Fn, Op, Token, Tokenization } from "cdktf";
import { stringify } from "yaml";
import { templateLiteral } from "../../core/template-literal";

const tokenMark = /\$\{TfToken\[[^\]]+\]\}/;
const placeholder = /kvm-fleet-late-string-(\d+)-/g;

/**
 * Renders content as YAML for cloud-init's parser, as text for a Terraform attribute.
 *
 * The parser reads YAML 1.1, in which `yes`, `0644` and `1:30` are strings only when they are quoted. A string that
 * contains a token becomes a JSON string, which is also YAML, so that no value of Terraform can break the document.
 */
export function renderYaml(content: object): string {
  const lateStrings: string[] = [];
  const text = stringify(
    content,
    (_key: unknown, value: unknown) =>
      typeof value === "string" && Token.isUnresolved(value)
        ? `kvm-fleet-late-string-${lateStrings.push(value) - 1}-`
        : value,
    { version: "1.1", lineWidth: 0 },
  );
  return templateLiteral(text).replace(placeholder, (_match, index: string) =>
    jsonString(lateStrings[Number(index)] ?? ""),
  );
}

/**
 * Renders a JSON string.
 *
 * Encodes the text between tokens now, and lets Terraform encode the values of tokens when it runs.
 */
function jsonString(text: string): string {
  const literals = text.split(tokenMark).map((literal) => templateLiteral(JSON.stringify(literal).slice(1, -1)));
  const tokens = Tokenization.reverseString(text).tokens.map((token) => {
    const encoded = Fn.jsonencode(token);
    const quotes = 2;
    return Fn.substr(encoded, 1, Token.asNumber(Op.sub(Fn.lengthOf(encoded), quotes)));
  });
  return `"${literals.map((literal, index) => `${literal}${tokens[index] ?? ""}`).join("")}"`;
}
