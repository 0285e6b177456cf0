import { createHash } from "node:crypto";
import { Fn, Token, Tokenization } from "cdktf";
import { stringify } from "yaml";
import { templateLiteral } from "../../core/template-literal";
import { tokenMark, withLateStrings } from "./late-strings";

/** A document: its text, or an object that is rendered as YAML or JSON. */
export type Document = string | Readonly<Record<string, unknown>>;

/**
 * Renders content as YAML for cloud-init's parser, as text for a Terraform attribute.
 *
 * The parser reads YAML 1.1, in which `yes`, `0644` and `1:30` are strings only when they are quoted.
 */
export function renderYaml(content: object): string {
  return withLateStrings((replacer) => stringify(content, replacer, { version: "1.1", lineWidth: 0 }));
}

/** Renders content as JSON, as text for a Terraform attribute. */
export function renderJson(content: object): string {
  return withLateStrings((replacer) => JSON.stringify(content, replacer));
}

/** Renders a document: text as it is, an object as YAML. */
export function yamlDocument(document: Document): string {
  return typeof document === "string" ? templateLiteral(document) : renderYaml(document);
}

/** Renders a document: text as it is, an object as JSON. */
export function jsonDocument(document: Document): string {
  return typeof document === "string" ? templateLiteral(document) : renderJson(document);
}

const digits = 8;

/** Digits that change with the content of texts. If a text contains a token, Terraform computes them. */
export function digestOf(...texts: readonly (string | undefined)[]): string {
  const content = texts.map((text) => text ?? "").join("\n");
  const literals = createHash("sha256").update(content.split(tokenMark).join("\0")).digest("hex");
  if (!Token.isUnresolved(content)) {
    return literals.slice(0, digits);
  }
  const values = Tokenization.reverseString(content).tokens.map((token) => Token.asString(token));
  return Fn.substr(Fn.sha256(Fn.join(" ", [literals, ...values])), 0, digits);
}
