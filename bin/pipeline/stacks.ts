import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Failure } from "../failure";

/** A stack as cdktf has synthesized it. */
export interface Stack {
  readonly name: string;
  /** Where terraform runs for it. */
  readonly folder: string;
  /** Names of the stacks that have to be there before it. */
  readonly dependencies: readonly string[];
  readonly configuration: StackConfiguration;
}

/** The part of cdk.tf.json that is read here. */
export interface StackConfiguration {
  readonly terraform?: {
    readonly required_providers?: Readonly<Record<string, RequiredProvider>>;
  };
  readonly resource?: {
    readonly libvirt_domain?: Readonly<Record<string, DomainResource>>;
  };
  readonly provider?: Readonly<Record<string, readonly { readonly hosts?: Readonly<Record<string, HostAddress>> }[]>>;
}

/** The part of a domain that is read here. */
export interface DomainResource {
  readonly host: string;
  readonly serial?: { readonly log_file?: string };
}

export interface RequiredProvider {
  readonly source: string;
  readonly version?: string;
}

export interface HostAddress {
  readonly uri: string;
}

interface Manifest {
  readonly stacks: Readonly<Record<string, ManifestStack>>;
}

interface ManifestStack {
  readonly name: string;
  readonly workingDirectory: string;
  readonly synthesizedStackPath: string;
  readonly stackMetadataPath: string;
  readonly dependencies: readonly string[];
}

/** Every stack in cdktf's output folder, each after those that it depends on. */
export function readStacks(output: string): readonly Stack[] {
  const file = join(output, "manifest.json");
  if (!existsSync(file)) {
    throw new Failure(`the app has synthesized nothing: there is no ${file}; it must call 'app.synth()'`);
  }
  const { stacks } = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  return inOrder(Object.values(stacks).map((stack) => readStack(output, stack)));
}

/** The stacks of these names, in the order they are in; all of them where no name is given. */
export function selectStacks(stacks: readonly Stack[], names: readonly string[]): readonly Stack[] {
  const unknown = names.find((name) => !stacks.some((stack) => stack.name === name));
  if (unknown !== undefined) {
    throw new Failure(`there is no stack '${unknown}', only ${stacks.map(({ name }) => name).join(", ") || "none"}`);
  }
  return names.length === 0 ? stacks : stacks.filter(({ name }) => names.includes(name));
}

function readStack(output: string, stack: ManifestStack): Stack {
  // A stack in HCL has what is read here in its metadata instead.
  const file = stack.synthesizedStackPath.endsWith(".json") ? stack.synthesizedStackPath : stack.stackMetadataPath;
  return {
    name: stack.name,
    folder: resolve(output, stack.workingDirectory),
    dependencies: stack.dependencies,
    configuration: JSON.parse(readFileSync(join(output, file), "utf8")) as StackConfiguration,
  };
}

function inOrder(stacks: readonly Stack[]): readonly Stack[] {
  const ordered = new Set<Stack>();
  const add = (stack: Stack): void => {
    for (const dependency of stack.dependencies) {
      const before = stacks.find(({ name }) => name === dependency);
      if (before !== undefined && !ordered.has(before)) {
        add(before);
      }
    }
    ordered.add(stack);
  };
  stacks.forEach(add);
  return [...ordered];
}
