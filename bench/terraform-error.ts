/** The frame that Terraform draws around a message. */
const FRAME = /^[╷│╵] ?/;

/** The part of a message that points to the configuration. Its source line can be the whole configuration. */
const PLACE = /^\s+(with .*|on .* line \d+.*|\d+: .*)$/;

/**
 * Returns the first error in Terraform's output without its location in the configuration, or the last line if no error
 * is found.
 */
export function firstError(output: string): string {
  const lines = output
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(FRAME, ""));
  const start = lines.findIndex((line) => line.startsWith("Error: "));
  if (start < 0) return lines.at(-1) ?? "";
  const next = lines.findIndex((line, index) => index > start && /^(Error|Warning): /.test(line));
  return lines
    .slice(start, next < 0 ? undefined : next)
    .filter((line) => !PLACE.test(line))
    .map((line) => line.trim())
    .filter(Boolean)
    .join(" ")
    .replace(/^Error: /, "");
}
