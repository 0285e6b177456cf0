import type { AdoptableHost, AdoptableObject, AdoptableVolume } from "../pipeline/adoptable";
import { group, text } from "./attributes";
import { Expression } from "./code";
import { machinePart } from "./machine";
import { constructId, Names, variableName } from "./names";
import { networkDefinition } from "./networks";
import { keyOf, type Left, type Part } from "./part";
import { poolDefinition } from "./pools";
import type { Choice, Site, UsedNetwork, UsedPool, UsedVolume } from "./site";
import { volumeProps } from "./volumes";

/** The parts of the code for one host. Pools, networks and volumes are added when something uses them. */
export class HostParts implements Site {
  public readonly variable: string;
  public readonly accelerator: "kvm" | "qemu";
  private readonly leftAlone = new Map<string, Left>();
  private readonly pools: Part[] = [];
  private readonly networks: Part[] = [];
  private readonly volumes: Part[] = [];
  private readonly machines: Part[] = [];
  private readonly usedPools = new Map<string, UsedPool | undefined>();
  private readonly usedNetworks = new Map<string, UsedNetwork | undefined>();
  private readonly usedVolumes = new Map<string, UsedVolume | undefined>();
  private readonly ids = new Names();
  private readonly prefix: string;

  /**
   * @param names the variables of the file
   * @param machineIds the ids of the constructs of machines, which are in the stack
   * @param isOnly whether it is the only host of the file
   */
  constructor(
    public readonly host: AdoptableHost,
    public readonly choice: Choice,
    private readonly names: Names,
    public readonly machineIds: Names,
    isOnly: boolean,
  ) {
    this.variable = names.take(variableName(host.name), `${variableName(host.name)}Host`);
    this.prefix = isOnly ? "" : `${host.name}-`;
    const types = host.domains.map(({ object }) => text(object.config, "type") ?? "kvm");
    this.accelerator = types.length > 0 && types.every((type) => type === "qemu") ? "qemu" : "kvm";
    this.addAll();
  }

  /** The parts in an order in which each comes after those that it uses. */
  public get parts(): readonly Part[] {
    const { name, uri } = this.host;
    const all = [...this.pools, ...this.networks, ...this.volumes, ...this.machines];
    const accelerator = this.accelerator === "qemu" ? "qemu" : undefined;
    const host: Part = {
      objects: [],
      variable: this.variable,
      maker: "new Host",
      scope: "this",
      id: name,
      props: { uri, accelerator },
      comments: [],
    };
    return all.some(({ objects }) => objects.length > 0) ? [host, ...all] : [];
  }

  /** What is not adopted, and why. */
  public get left(): readonly Left[] {
    return [...this.leftAlone.values()];
  }

  /** Returns a pool; undefined where the host has none of that name. */
  public pool(name: string): UsedPool | undefined {
    return once(this.usedPools, name, () => {
      const found = this.host.pools.find(({ object }) => object.name === name)?.object;
      if (found === undefined) return undefined;
      const key = keyOf("libvirt_pool", found.id);
      const definition = poolDefinition(found.config);
      const storesFiles = definition !== undefined || text(found.config, "type") === "fs";
      const variable = this.variableOf(name, "Pool");
      const host = new Expression(this.variable);
      if (definition === undefined || !this.adopts(key, found)) {
        const id = this.idOf(name, "pool");
        const maker = "StoragePool.fromStoragePoolAttributes";
        this.pools.push({ ...this.reference(variable, maker, id), props: { host, poolName: name } });
        return { variable, storesFiles };
      }
      const id = this.idOf(name, "pool");
      this.pools.push({
        objects: [{ key, importId: found.id, child: "Default" }],
        variable,
        maker: definition.maker,
        scope: this.variable,
        id,
        props: { host, poolName: id === name ? undefined : name, ...definition.props },
        comments: this.othersIn(name),
      });
      return { variable, storesFiles };
    });
  }

  /** Returns a network; undefined where the host has none of that name. */
  public network(name: string): UsedNetwork | undefined {
    return once(this.usedNetworks, name, () => {
      const found = this.host.networks.find((object) => object.name === name);
      if (found === undefined) return undefined;
      const key = keyOf("libvirt_network", found.id);
      const definition = networkDefinition(found.config);
      const variable = this.variableOf(name, "Network");
      const host = new Expression(this.variable);
      const id = this.idOf(name, "network");
      const isAdopted = definition !== undefined && this.adopts(key, found);
      if (!isAdopted) {
        const maker = "Network.fromNetworkAttributes";
        this.networks.push({ ...this.reference(variable, maker, id), props: { host, networkName: name } });
        return { variable, object: found, isAdopted };
      }
      this.networks.push({
        objects: [{ key, importId: found.id, child: "Default" }],
        variable,
        maker: definition.maker,
        scope: this.variable,
        id,
        props: { host, networkName: id === name ? undefined : name, ...definition.props },
        comments: [],
      });
      return { variable, object: found, isAdopted };
    });
  }

  /**
   * Returns the volume at a path; undefined where no pool of files has it.
   *
   * @param isOwned whether the stack takes it over. It only refers to a medium, which others may use too
   */
  public volume(path: string, isOwned: boolean): UsedVolume | undefined {
    return once(this.usedVolumes, path, () => {
      const volume = this.volumeAt(path);
      const pool = volume && this.pool(volume.pool);
      if (volume === undefined || pool?.storesFiles !== true) return undefined;
      const { object } = volume;
      const key = keyOf("libvirt_volume", object.id);
      if (isOwned) this.canAdopt("libvirt_volume", object, {}, "", "");
      const below = text(group(object.config, "backing_store"), "path");
      const image = below === undefined ? undefined : this.volume(below, true);
      const name = object.name.replace(/\.\w+$/, "");
      const id = this.ids.take(constructId(`${this.prefix}${name}`), constructId(`${volume.pool}-${name}`));
      const variable = this.names.take(
        variableName(`${this.prefix}${name}`),
        variableName(`${this.prefix}${name}-volume`),
      );
      const poolVariable = new Expression(pool.variable);
      const format = text(object.config, "format");
      if (!isOwned || !this.adopts(key, object)) {
        const props = { pool: poolVariable, volumeName: object.name, path, format };
        this.volumes.push({ ...this.reference(variable, "Volume.fromVolumeAttributes", id), props });
        return { variable, volume };
      }
      this.volumes.push({
        objects: [{ key, importId: object.id, child: "Default" }],
        variable,
        maker: "new Volume",
        scope: this.variable,
        id,
        props: {
          pool: poolVariable,
          volumeName: object.name === `${id}.${format ?? "qcow2"}` ? undefined : object.name,
          ...volumeProps(object.config, image),
        },
        comments: [],
      });
      return { variable, volume };
    });
  }

  /** The volume at a path. */
  public volumeAt(path: string): AdoptableVolume | undefined {
    return this.host.volumes.find((volume) => volume.path === path);
  }

  /** Whether this run adopts an object: no stack declares it yet, and it could be read. */
  public adopts(key: string, { error, transient }: AdoptableObject): boolean {
    return error === "" && !transient && !this.choice.declared.has(key) && !this.choice.failed.has(key);
  }

  /** Notes why an object is left alone. */
  public leave(key: string, reason: string, advice: string): void {
    this.leftAlone.set(key, { key, reason, advice });
  }

  /** A variable for a part of this host. */
  public variableOf(name: string, kind: string): string {
    return this.names.take(variableName(`${this.prefix}${name}-${kind}`));
  }

  private addAll(): void {
    if (!this.choice.isPartial) {
      for (const { object } of this.host.pools) {
        if (this.canAdopt("libvirt_pool", object, poolDefinition(object.config), "of type", "type"))
          this.pool(object.name);
      }
      for (const object of this.host.networks) {
        const known = networkDefinition(object.config);
        if (this.canAdopt("libvirt_network", object, known, "with forward mode", "forward")) this.network(object.name);
      }
    }
    for (const domain of this.host.domains) {
      const { object } = domain;
      if (this.choice.wants(object.name) && this.canAdopt("libvirt_domain", object, {}, "", "")) {
        const part = machinePart(domain, this);
        this.machines.push(part);
      }
    }
    this.noteReferences();
  }

  /** Whether an object that is asked for is adopted. Notes why it is not, unless the app declares it. */
  private canAdopt(
    type: string,
    object: AdoptableObject,
    definition: object | undefined,
    kind: string,
    attribute: string,
  ): boolean {
    const key = keyOf(type, object.id);
    if (this.choice.declared.has(key)) return false;
    const failed = this.choice.failed.get(key);
    if (object.error !== "") {
      this.leave(key, object.error, "correct it on the host, and run 'kvm-fleet adopt' again");
    } else if (object.transient) {
      this.leave(
        key,
        "libvirt keeps no definition of it, so that it is gone when it stops",
        "define it with virsh from its own XML, and run 'kvm-fleet adopt' again",
      );
    } else if (failed !== undefined) {
      this.leave(key, failed, "write it by hand, and import it with 'terraform import'");
    } else if (definition === undefined) {
      const value = object.config[attribute];
      const what = typeof value === "string" ? value : (text(group(object.config, attribute), "mode") ?? "");
      this.leave(
        key,
        `it is ${kind} '${what}', which this command does not write yet`,
        "write it by hand, and import it with 'terraform import'",
      );
    } else {
      return true;
    }
    return false;
  }

  /** What a pool has that is not in the code. */
  private othersIn(pool: string): readonly string[] {
    const all = this.host.pools.find(({ object }) => object.name === pool)?.volumes ?? 0;
    const count = all - this.host.volumes.filter((volume) => volume.pool === pool).length;
    return count > 0
      ? [`Volumes that are disks of no machine stay as they are, and are not in this code: ${count}.`]
      : [];
  }

  /** Notes what machines refer to by its name or UUID, and the code does not declare. */
  private noteReferences(): void {
    const texts = JSON.stringify(this.parts.map(({ props }) => props));
    for (const { uuid, usage } of this.host.secrets) {
      const key = keyOf("libvirt_secret", `${this.host.name}/${uuid}`);
      if (!this.choice.declared.has(key)) {
        this.leave(
          key,
          `the value of secret '${usage}' cannot be read`,
          "machines and volumes go on using it; write a Secret for it to manage its value",
        );
      }
    }
    for (const name of this.host.filters.filter((each) => texts.includes(`"filter":${JSON.stringify(each)}`))) {
      this.leave(
        keyOf("libvirt_nwfilter", `${this.host.name}/${name}`),
        "machines refer to it by its name",
        "nothing has to be done; it stays as it is",
      );
    }
  }

  private reference(variable: string, maker: string, id: string): Omit<Part, "props"> {
    return { objects: [], variable, maker, scope: this.variable, id, comments: [] };
  }

  private idOf(name: string, kind: string): string {
    return this.ids.take(constructId(name), constructId(`${name}-${kind}`));
  }
}

function once<T>(known: Map<string, T | undefined>, name: string, make: () => T | undefined): T | undefined {
  if (!known.has(name)) known.set(name, make());
  return known.get(name);
}
