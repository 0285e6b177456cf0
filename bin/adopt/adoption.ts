import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../failure";
import type { AdoptableHost, AdoptableObject, Attributes } from "../pipeline/adoptable";
import type { Project } from "../pipeline/project";
import type { Stack } from "../pipeline/stacks";
import { synthesize } from "../pipeline/synthesize";
import { showJson, tryPlan } from "../pipeline/terraform";
import { progress } from "../progress";
import type { ResourceChange } from "../review/plan-json";
import type { AppFiles } from "./app-files";
import type { Value } from "./code";
import { type DeclaredObject, declaredObjects } from "./declared";
import { merged, overridesOf } from "./differences";
import { importsFile, stackFile, type WrittenStack } from "./files";
import { type AdoptedObject, inWords, keyOf, type Part } from "./part";
import { planErrors, synthesisErrors } from "./problems";
import type { Choice } from "./site";

/** How often the code is corrected by its own plan. */
const ROUNDS = 5;

/** What was adopted. */
export interface Adopted {
  readonly written: WrittenStack;
  /** The keys of the objects. */
  readonly keys: readonly string[];
  /** The keys of the objects of which the code overrides attributes. */
  readonly overridden: readonly string[];
}

/** Writes the code for hosts, and corrects it until its plan imports what they have, and changes nothing. */
export class Adoption {
  private readonly overrides = new Map<string, Value>();
  private readonly failed = new Map<string, string>();
  private readonly stated: ReadonlyMap<string, Attributes>;

  constructor(
    private readonly project: Project,
    private readonly files: AppFiles,
    private readonly hosts: readonly AdoptableHost[],
    private readonly choice: Omit<Choice, "failed">,
  ) {
    this.stated = new Map(hosts.flatMap(objectsOf));
  }

  /** @returns undefined where nothing is left to adopt; the files are then not written */
  public async run(): Promise<Adopted | undefined> {
    try {
      for (let round = 1; round <= ROUNDS; round++) {
        const written = this.code();
        const objects = written.parts.flatMap((part) => part.objects);
        if (objects.length === 0) {
          this.files.undo();
          return undefined;
        }
        if (await this.isProved(written, objects)) {
          return { written, keys: objects.map(({ key }) => key), overridden: [...this.overrides.keys()] };
        }
      }
      throw new Failure(
        "the plan of the written code still changes something after it was corrected; report this as an error",
      );
    } catch (error) {
      this.files.undo();
      throw error;
    }
  }

  /** What the hosts have, in code that was not proved. */
  public code(): WrittenStack {
    return stackFile(this.hosts, { ...this.choice, failed: this.failed }, this.files.names, this.overrides);
  }

  /** Synthesizes and plans the code. @returns false where it had to be corrected */
  private async isProved(written: WrittenStack, objects: readonly AdoptedObject[]): Promise<boolean> {
    const declared = await this.synthesized(written, objects);
    if (declared === undefined) return false;
    const stack = declared.stack;
    const folder = mkdtempSync(join(tmpdir(), "kvm-fleet-adopt-"));
    try {
      const file = join(folder, "plan");
      const { code, output } = await tryPlan(stack, { file, quiet: true }, progress);
      if (code !== 0 && code !== 2) {
        this.fail(planErrors(output), new Map(declared.objects.map(({ address, key }) => [address, key])), output);
        return false;
      }
      const changes = ((await showJson(stack, file)).resource_changes ?? []).filter(isNotOnlyImported);
      for (const change of changes) this.correct(change, declared.objects);
      return changes.length === 0;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** Synthesizes the code twice: the addresses of the imports are those of the synthesized stack. */
  private async synthesized(
    { content, parts }: WrittenStack,
    objects: readonly AdoptedObject[],
  ): Promise<{ readonly stack: Stack; readonly objects: readonly DeclaredObject[] } | undefined> {
    const { names } = this.files;
    progress("synthesize the written code");
    this.files.write(content, importsFile([], names));
    let declared: readonly DeclaredObject[];
    try {
      declared = declaredObjects(await synthesize(this.project, true)).filter(({ stack }) => stack === names.stack);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const paths = new Map(parts.map((part) => [pathOf(part, parts, names.stack), part.objects[0]?.key ?? ""]));
      this.fail(synthesisErrors(error.message), paths, error.message);
      return undefined;
    }
    const imports = objects.map(({ key, importId: id }) => {
      const to = declared.find((it) => it.key === key)?.address;
      if (to === undefined) throw new Error(`no resource of the written code is ${inWords(key)}`);
      return { to, id };
    });
    this.files.write(content, importsFile(imports, names));
    const stacks = await synthesize(this.project, true);
    const stack = stacks.find(({ name }) => name === names.stack);
    if (stack === undefined) throw new Failure(`the app has synthesized no stack '${names.stack}'`);
    return { stack, objects: declared };
  }

  /** Leaves alone what errors name. */
  private fail(errors: ReadonlyMap<string, string>, keys: ReadonlyMap<string, string>, output: string): void {
    const found = [...errors].flatMap(([name, error]) => {
      const key = keys.get(name) ?? "";
      return key === "" ? [] : [[key, error] as const];
    });
    if (found.length === 0)
      throw new Failure(`the written code cannot be planned, and nothing was kept of it:\n${output.trimEnd()}`);
    for (const [key, error] of found) this.failed.set(key, error);
  }

  /** States what the plan would change; leaves the object alone if that was tried already. */
  private correct({ address, change }: ResourceChange, declared: readonly DeclaredObject[]): void {
    const object = declared.find((it) => it.address === address);
    if (object === undefined) {
      throw new Failure(`the written code would change ${address}, which is not on the hosts; nothing was kept of it`);
    }
    const { key } = object;
    const before = change.before as Attributes | null;
    const stated = new Set([...Object.keys(this.stated.get(key) ?? {}), ...Object.keys(object.attributes)]);
    const override =
      before === null
        ? undefined
        : overridesOf(
            { before, after: (change.after ?? {}) as Attributes, unknown: change.after_unknown ?? {} },
            stated,
          );
    const already = this.overrides.get(key);
    const next = override === undefined ? undefined : merged(already, override);
    if (next === undefined || JSON.stringify(next) === JSON.stringify(already)) {
      this.overrides.delete(key);
      this.failed.set(
        ownerOf(key, this.code()),
        `a plan would ${change.actions.join(" and ")} it (${Object.keys((override as object | undefined) ?? {}).join(", ") || "for no attribute"})`,
      );
    } else {
      this.overrides.set(key, next);
    }
  }
}

/** The machine that has a volume as its own disk, which cannot be adopted without it; otherwise the object itself. */
function ownerOf(key: string, { parts }: WrittenStack): string {
  return parts.find(({ objects }) => objects.some((object) => object.key === key))?.objects[0]?.key ?? key;
}

/** Whether a plan does more with an object than to take it over. */
function isNotOnlyImported({ mode, change }: ResourceChange): boolean {
  return mode === "managed" && (change.importing === undefined || change.actions.some((action) => action !== "no-op"));
}

/** The path of the construct of a part. */
function pathOf({ scope, id }: Part, parts: readonly Part[], stack: string): string {
  const above = parts.find(({ variable }) => variable === scope);
  const name = typeof id === "string" ? id : id.value;
  return `${above === undefined ? stack : pathOf(above, parts, stack)}/${name}`;
}

/** The objects of a host, by key, with the attributes that a configuration of them states. */
function objectsOf({ domains, networks, pools, volumes }: AdoptableHost): readonly (readonly [string, Attributes])[] {
  const keyed = (type: string, object: AdoptableObject) => [keyOf(type, object.id), object.config] as const;
  return [
    ...domains.map(({ object }) => keyed("libvirt_domain", object)),
    ...networks.map((object) => keyed("libvirt_network", object)),
    ...pools.map(({ object }) => keyed("libvirt_pool", object)),
    ...volumes.map(({ object }) => keyed("libvirt_volume", object)),
  ];
}
