import { identifier } from "../init/facts";

/** Words that cannot be the name of a variable, and names that the written file has already. */
const taken =
  "break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in " +
  "instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with " +
  "yield await scope id override importExisting name vm";

/** Gives out names that differ. */
export class Names {
  /** The names of variables of a file. */
  public static ofVariables(): Names {
    return new Names(taken);
  }

  private readonly taken: Set<string>;

  constructor(reserved = "") {
    this.taken = new Set(reserved.split(" "));
  }

  /** Returns the first of these names that is free, or the last one with a number. */
  public take(...wanted: readonly string[]): string {
    const last = wanted.at(-1) ?? "it";
    const free = wanted.find((name) => !this.taken.has(name)) ?? this.numbered(last);
    this.taken.add(free);
    return free;
  }

  private numbered(name: string): string {
    let number = 2;
    while (this.taken.has(`${name}${number}`)) number++;
    return `${name}${number}`;
  }
}

/** A name as the id of a construct. */
export function constructId(name: string): string {
  return identifier(name) ?? `vm-${name.replace(/\W+/g, "-")}`;
}

/** A name as that of a variable: `debian-12` is debian12. */
export function variableName(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words.map((word, index) => (index === 0 ? lower(word) : upper(word))).join("");
  return /^[A-Za-z]/.test(joined) ? joined : `it${joined}`;
}

/** A name as that of a class. */
export function className(name: string): string {
  return upper(variableName(name));
}

function lower(word: string): string {
  return word === word.toUpperCase() ? word.toLowerCase() : `${word.charAt(0).toLowerCase()}${word.slice(1)}`;
}

function upper(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
