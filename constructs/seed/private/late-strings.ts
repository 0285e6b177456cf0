import { Fn, Op, Token, Tokenization } from "cdktf";
import { templateLiteral } from "../../core/template-literal";

/** What cdktf puts into a string for a value that Terraform fills in. */
export const tokenMark = /\$\{TfToken\[[^\]]+\]\}/;
const placeholder = /(")?kvm-fleet-late-string-(\d+)-\1/g;

/**
 * Renders a document with strings that Terraform fills in when it runs.
 *
 * A string that contains a token becomes a JSON string, so that no value of Terraform can break the document. All other
 * text is literal.
 *
 * @param stringify renders the document; the replacer is to be applied to all its values, as by `JSON.stringify`
 */
export function withLateStrings(stringify: (replacer: (key: unknown, value: unknown) => unknown) => string): string {
  const lateStrings: string[] = [];
  const text = stringify((_key, value) =>
    typeof value === "string" && Token.isUnresolved(value)
      ? `kvm-fleet-late-string-${lateStrings.push(value) - 1}-`
      : value,
  );
  return templateLiteral(text).replace(placeholder, (_match, _quote, index: string) =>
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
