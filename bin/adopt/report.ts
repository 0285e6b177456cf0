import type { Adopted } from "./adoption";
import { inWords, type Left } from "./part";

/** What was adopted, what has to be read, and what was left alone. */
export function adoptionReport({ written, keys, overridden }: Adopted): string {
  const noted = written.parts.flatMap(({ objects, comments }) => {
    const overrides = objects.filter(({ key }) => overridden.includes(key));
    const [object] = objects;
    if (object === undefined || (comments.length === 0 && overrides.length === 0)) return [];
    const texts = [
      ...comments,
      ...(overrides.length > 0 ? ["The code sets attributes that no property stands for."] : []),
    ];
    return [`  ${inWords(object.key)}: ${texts.join(" ")}`];
  });
  const counts = `adopted ${keys.length} (${countsOf(keys)}), with notes ${noted.length}, left alone ${written.left.length}`;
  return [counts, ...section("Notes:", noted), ...section("Left alone:", written.left.map(leftText))].join("\n");
}

/** An object that was left alone, the reason, and what to do. */
export function leftText({ key, reason, advice }: Left): string {
  return `  ${inWords(key)}: ${reason}; ${advice}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

function countsOf(keys: readonly string[]): string {
  const types = {
    libvirt_domain: "machine",
    libvirt_network: "network",
    libvirt_pool: "pool",
    libvirt_volume: "volume",
  };
  return Object.entries(types)
    .map(([type, word]) => [keys.filter((key) => key.startsWith(`${type}/`)).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}${count === 1 ? "" : "s"}`)
    .join(", ");
}
