/** The errors of a synthesis, by the path of the construct that each names. */
export function synthesisErrors(output: string): ReadonlyMap<string, string> {
  const errors = new Map<string, string>();
  for (const [, error = "", path = ""] of output.matchAll(/^\s*(?:\[[^\]]*\] )?(.+) \(at (\S+)\)$/gm)) {
    if (!errors.has(path)) errors.set(path, error);
  }
  return errors;
}

/** The errors of a plan, by the address of the resource that each names. */
export function planErrors(output: string): ReadonlyMap<string, string> {
  const errors = new Map<string, string>();
  for (const block of output.split(/^[^\n\w]*Error: /m).slice(1)) {
    const [summary = "", ...lines] = block.split("\n").map((line) => line.replace(/^[\s│╵╷]+/, "").trim());
    const address = lines.map((line) => /^with (\S+?),?$/.exec(line)?.[1]).find((it) => it !== undefined);
    const detail = lines.find((line) => line !== "" && !/^(with |on \S+ line|\d+:)/.test(line));
    if (address !== undefined && !errors.has(address)) {
      errors.set(address, detail === undefined ? summary : `${summary}: ${detail}`);
    }
  }
  return errors;
}
