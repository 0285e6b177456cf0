import { Fn, Op, Token, Tokenization } from "cdktf";
import { stringify } from "yaml";
import { templateLiteral } from "../../core/template-literal";

const tokenMark = /\$\{TfToken\[[^\]]+\]\}/;
const placeholder = /kvm-fleet-late-string-(\d+)-/g;

/**
 * Renders YAML that cloud-init's parser reads as it was meant, as text for a Terraform attribute.
 *
 * That parser knows YAML 1.1, to which `yes`, `0644` and `1:30` are no strings unless they are quoted. A string with a
 * token in it becomes a JSON string, which is YAML too, so that no value that Terraform fills in can break the document.
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

/** A JSON string of which the parts between tokens are written now, and those of tokens when Terraform is run. */
function jsonString(text: string): string {
  const literals = text.split(tokenMark).map((literal) => templateLiteral(JSON.stringify(literal).slice(1, -1)));
  const tokens = Tokenization.reverseString(text).tokens.map((token) => {
    const encoded = Fn.jsonencode(token);
    const quotes = 2;
    return Fn.substr(encoded, 1, Token.asNumber(Op.sub(Fn.lengthOf(encoded), quotes)));
  });
  return `"${literals.map((literal, index) => `${literal}${tokens[index] ?? ""}`).join("")}"`;
}
