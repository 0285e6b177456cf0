import type { Value, Varying } from "./code";

/** A construct in the code that is written. */
export interface Part {
  /** The objects of the host that it stands for. None where it only refers to one. */
  readonly objects: readonly AdoptedObject[];
  /** The variable by which other parts refer to it. */
  readonly variable: string;
  /** What makes it: `new StoragePool`. */
  readonly maker: string;
  /** The variable of its scope. */
  readonly scope: string;
  readonly id: string | Varying;
  readonly props: Readonly<Record<string, Value | undefined>>;
  /** What a reader of the code has to know. */
  readonly comments: readonly string[];
}

/** An object that is adopted. */
export interface AdoptedObject {
  readonly key: string;
  /** The id by which Terraform imports it. */
  readonly importId: string;
  /** The id of the construct's child that is its resource. */
  readonly child: string;
}

/** An object that is not adopted. */
export interface Left {
  readonly key: string;
  readonly reason: string;
  /** What the user can do about it. */
  readonly advice: string;
}

/** The key of an object: its type, and the id by which Terraform imports it. */
export function keyOf(type: string, importId: string): string {
  return `${type}/${importId}`;
}

/** An object in words: `machine alpha/web-1`. */
export function inWords(key: string): string {
  const [type = "", ...id] = key.split("/");
  const words: Readonly<Record<string, string>> = { libvirt_domain: "machine" };
  return `${words[type] ?? type.replace("libvirt_", "")} ${id.join("/")}`;
}
