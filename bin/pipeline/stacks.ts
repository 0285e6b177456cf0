import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Failure } from "../failure";

/** A stack that cdktf has synthesized. */
export interface Stack {
  readonly name: string;
  /** The folder in which terraform runs. */
  readonly folder: string;
  /** Names of the stacks that must be deployed before it. */
  readonly dependencies: readonly string[];
  readonly configuration: StackConfiguration;
}

/** The part of cdk.tf.json that the command line reads. */
export interface StackConfiguration {
  readonly terraform?: {
    readonly required_providers?: Readonly<Record<string, RequiredProvider>>;
  };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Resource>>>> & {
    readonly libvirt_domain?: Readonly<Record<string, DomainResource>>;
  };
  readonly provider?: Readonly<Record<string, readonly { readonly hosts?: Readonly<Record<string, HostAddress>> }[]>>;
}

/** The part of every resource that the command line reads. */
export interface Resource {
  /** What cdktf notes about the construct. */
  readonly "//"?: { readonly metadata?: { readonly path?: string; readonly stackTrace?: readonly string[] } };
}

/** Returns the path of the construct that declares a resource. A construct's main resource has the ID 'Default', which names nothing. */
export function constructPath(resource: Resource | undefined): string | undefined {
  return resource?.["//"]?.metadata?.path?.replace(/\/Default$/, "");
}

/** Returns the file and the line of the app that create a resource, if the app has noted them (source-lines.ts). */
export function constructSource(resource: Resource | undefined): string | undefined {
  const [line, ...more] = resource?.["//"]?.metadata?.stackTrace ?? [];
  // What cdktf records itself are many lines.
  return more.length === 0 ? line : undefined;
}

/** The part of a domain that the command line reads. */
export interface DomainResource extends Resource {
  readonly name?: string;
  readonly host: string;
  /** Default: `running`. */
  readonly state?: string;
  readonly shutdown?: { readonly timeout?: number; readonly mode?: string; readonly on_timeout?: string };
  readonly arch?: string;
  /** The type of the domain: kvm, qemu. */
  readonly type?: string;
  readonly serial?: { readonly log_file?: string };
  readonly rollout?: { readonly group?: string };
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

/** Reads every stack in cdktf's output folder. Each stack comes after those that it depends on. */
export function readStacks(output: string): readonly Stack[] {
  const file = join(output, "manifest.json");
  if (!existsSync(file)) {
    throw new Failure(`the app has synthesized nothing: ${file} is missing; call 'app.synth()' at its end`);
  }
  const { stacks } = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  return inOrder(Object.values(stacks).map((stack) => readStack(output, stack)));
}

/** Selects stacks by name, and keeps their order. Without names it selects all. */
export function selectStacks(stacks: readonly Stack[], names: readonly string[]): readonly Stack[] {
  const unknown = names.find((name) => !stacks.some((stack) => stack.name === name));
  if (unknown !== undefined) {
    throw new Failure(
      `no stack is named '${unknown}'; the stacks are ${stacks.map(({ name }) => name).join(", ") || "none"}`,
    );
  }
  return names.length === 0 ? stacks : stacks.filter(({ name }) => names.includes(name));
}

function readStack(output: string, stack: ManifestStack): Stack {
  // A stack that is synthesized to HCL has the same content in its metadata file.
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
