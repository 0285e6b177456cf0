import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Value } from "../../../bin/adopt/code";
import { declaredObjects } from "../../../bin/adopt/declared";
import { importsFile, stackFile, type WrittenStack } from "../../../bin/adopt/files";
import type { Choice } from "../../../bin/adopt/site";
import { type AdoptableHost, parseAdoptable } from "../../../bin/pipeline/adoptable";
import { readStacks } from "../../../bin/pipeline/stacks";
import { problemsOf } from "../../docs/run-examples";
import { expectGolden } from "../../golden";

/** The report that the provider's tests read too. */
const { hosts } = parseAdoptable(
  JSON.parse(
    readFileSync(join(__dirname, "../../../provider/internal/adoption/testdata/report.json"), "utf8"),
  ) as unknown,
);
const names = { stack: "alpha", library: "cdktf", constructs: "../../../constructs", ending: "" };
const everything: Choice = {
  wants: () => true,
  isPartial: false,
  declared: new Set<string>(),
  failed: new Map<string, string>(),
};
const overrides = new Map<string, Value>([
  ["libvirt_domain/alpha/old", { serial: null, interfaces: { net0: { bridge: "virbr0" } } }],
  ["libvirt_volume/alpha/default/secure.qcow2", { permissions: { mode: "0644" } }],
]);

function write(choice: Partial<Choice> = {}, from: readonly AdoptableHost[] = hosts) {
  return stackFile(from, { ...everything, ...choice }, names);
}

const declaredAlready = new Set([
  "libvirt_pool/alpha/default",
  "libvirt_network/alpha/default",
  "libvirt_volume/alpha/default/debian-12.qcow2",
]);
const failed = new Map([
  ["libvirt_network/alpha/default", "its range overlaps another"],
  ["libvirt_domain/alpha/web-2", "a plan would update it (cpu)"],
]);
/** Another host with the same names. */
const beta = JSON.parse(
  JSON.stringify(hosts).replaceAll("alpha", "beta").replaceAll("52:54:00:aa", "52:54:00:bb"),
) as readonly AdoptableHost[];

const written = {
  whole: stackFile(hosts, everything, names, overrides),
  partial: write({ isPartial: true, wants: (name) => name === "web-2" }),
  later: write({ declared: declaredAlready, isPartial: true, wants: (name) => name === "web-1" }),
  failed: write({ failed }),
  both: write({}, [...hosts, ...beta]),
};
const keys: Record<string, readonly string[]> = {};
let problems: readonly string[];

/** Compiles all of the code in one program, and synthesizes it. */
beforeAll(() => {
  const examples = Object.entries(written).map(([name, { content }]) => ({
    name,
    file: join(__dirname, `${name}.example.ts`),
    source: program(content),
  }));
  problems = problemsOf(examples, (name, output) => {
    keys[name] = declaredObjects(readStacks(output)).map(({ key }) => key);
  });
});

/** A module with the code of a stack and of its imports, which synthesizes it. */
function program(content: string): string {
  const imports = importsFile([], names).replace(/^import .*$/m, "");
  return `import { App } from "cdktf";
${content.replace(/^import \{ importExisting \}.*$/m, "")}
${imports.replace("export function", "function")}
const app = new App({ stackTraces: false });
new AlphaStack(app, "alpha");
app.synth();
`;
}

function keysOf({ parts }: WrittenStack): readonly string[] {
  return parts.flatMap(({ objects }) => objects.map(({ key }) => key));
}

describe("the code for a host", () => {
  test("compiles, and synthesizes without an error", () => {
    expect(problems).toEqual([]);
  });

  test("is as in the committed file, and declares each object that it adopts", () => {
    expectGolden(join(__dirname, "golden/alpha.txt"), written.whole.content);
    expect([...(keys.whole ?? [])].sort()).toEqual([...keysOf(written.whole)].sort());
  });

  test("names what it leaves alone, each with the reason and what to do", () => {
    expect(written.whole.left.map(({ key, reason, advice }) => `${key}: ${reason}; ${advice}`)).toEqual([
      "libvirt_pool/alpha/vg: it is of type 'logical', which this command does not write yet; write it by hand, and import it with 'terraform import'",
      "libvirt_domain/alpha/broken: the definition cannot be read; correct it on the host, and run 'kvm-fleet adopt' again",
      "libvirt_domain/alpha/passing: libvirt keeps no definition of it, so that it is gone when it stops; define it with virsh from its own XML, and run 'kvm-fleet adopt' again",
      "libvirt_secret/alpha/2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3a01: the value of secret 'backups' cannot be read; machines and volumes go on using it; write a Secret for it to manage its value",
      "libvirt_nwfilter/alpha/clean-traffic: machines refer to it by its name; nothing has to be done; it stays as it is",
    ]);
  });

  test("has only the machines that are asked for, and what they use", () => {
    expect(keysOf(written.partial)).toEqual([
      "libvirt_pool/alpha/default",
      "libvirt_network/alpha/default",
      "libvirt_volume/alpha/default/debian-12.qcow2",
      "libvirt_domain/alpha/web-2",
      "libvirt_volume/alpha/default/web-2.qcow2",
    ]);
  });

  test("refers to what the app declares already", () => {
    expect(keysOf(written.later)).toEqual(["libvirt_domain/alpha/web-1", "libvirt_volume/alpha/default/web-1.qcow2"]);
    expect(written.later.content).toContain('StoragePool.fromStoragePoolAttributes(alpha, "default"');
    expect(written.later.content).not.toContain("address:");
  });

  test("leaves out an object that failed, and refers to a network that did", () => {
    expect(written.failed.left.map(({ key }) => key)).toEqual(expect.arrayContaining([...failed.keys()]));
    expect(keysOf(written.failed)).toEqual(expect.not.arrayContaining([...failed.keys()]));
    expect(written.failed.content).toContain("Network.fromNetworkAttributes");
  });

  test("of several hosts keeps names apart", () => {
    expect([...(keys.both ?? [])].sort()).toEqual([...keysOf(written.both)].sort());
    expect(keys.both).toContain("libvirt_domain/beta/web-1");
  });

  test("is nothing for a host without objects", () => {
    const [host] = hosts;
    const lists = { domains: [], networks: [], pools: [], volumes: [], filters: [], secrets: [] };

    expect(host && keysOf(write({}, [{ ...host, ...lists }]))).toEqual([]);
  });
});
