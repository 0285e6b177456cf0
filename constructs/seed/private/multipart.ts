import { Token } from "cdktf";
import { templateLiteral } from "../../core/template-literal";
import type { CloudInitPart } from "../props";

/** The MIME types that cloud-init knows, by how a document begins. A longer beginning is before a shorter one. */
const typesByBeginning: readonly (readonly [beginning: string, type: string])[] = [
  ["#cloud-config-archive", "text/cloud-config-archive"],
  ["#cloud-config", "text/cloud-config"],
  ["#cloud-boothook", "text/cloud-boothook"],
  ["#include-once", "text/x-include-once-url"],
  ["#include", "text/x-include-url"],
  ["#part-handler", "text/part-handler"],
  ["## template: jinja", "text/jinja2"],
  ["#!", "text/x-shellscript"],
];

/** Returns the MIME type of a part. Undefined if cloud-init would not know it. */
export function partType({ content, type }: CloudInitPart): string | undefined {
  return type ?? typesByBeginning.find(([beginning]) => content.startsWith(beginning))?.[1];
}

/**
 * Renders documents as one MIME multipart document, as text for a Terraform attribute.
 *
 * @param first a document that is rendered already
 * @see https://cloudinit.readthedocs.io/en/latest/explanation/format.html#mime-multi-part-archive
 */
export function renderMultipart(first: string | undefined, parts: readonly CloudInitPart[]): string {
  const all = [
    ...(first === undefined ? [] : [{ content: first, type: partType({ content: first }), fileName: undefined }]),
    ...parts.map((part) => ({
      content: templateLiteral(part.content),
      type: partType(part),
      fileName: part.fileName,
    })),
  ];
  let boundary = "kvm-fleet-part";
  while (all.some(({ content }) => content.includes(boundary))) {
    boundary += "-x";
  }
  const rendered = all.map(({ content, type, fileName }, index) =>
    [
      `--${boundary}`,
      `Content-Type: ${type ?? "text/plain"}; charset="utf-8"`,
      "MIME-Version: 1.0",
      `Content-Disposition: attachment; filename="${fileName ?? `part-${String(index + 1).padStart(3, "0")}`}"`,
      "",
      content,
    ].join("\n"),
  );
  return [
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    "MIME-Version: 1.0",
    "",
    ...rendered,
    `--${boundary}--`,
    "",
  ].join("\n");
}

/** Returns the problems of the parts. */
export function partProblems(parts: readonly CloudInitPart[]): string[] {
  return parts.flatMap((part) => {
    if (Token.isUnresolved(part.content) ? part.type !== undefined : partType(part) !== undefined) {
      return [];
    }
    const begin = Token.isUnresolved(part.content) ? "a token" : `'${part.content.slice(0, 20)}'`;
    return [
      `'cloudInit.parts.type' is required for a document that does not say what it is, got ${begin}; ` +
        "set it, or begin the document with '#cloud-config' or '#!'",
    ];
  });
}
