import type { PoolConfig, PoolSourceAdapter } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { reserve } from "../../core/uniqueness";
import { checkSameHost } from "../../host/same-host";
import type { IHost } from "../../host/types";
import type { VolumeSource } from "../pool-volumes";
import type {
  CephStoragePoolProps,
  DiskStoragePoolProps,
  FibreChannelAdapter,
  FilesystemStoragePoolProps,
  IscsiStoragePoolProps,
  LvmStoragePoolProps,
  MultipathStoragePoolProps,
  ScsiHostAdapter,
  ScsiStoragePoolProps,
  StorageLogin,
  ZfsStoragePoolProps,
} from "../storage-pool-props";
import type { PoolVolumes, SecretUsage, SharedStorage } from "../types";

/** The directory in which the names of devices survive a restart of the host. */
const devicesByPath = "/dev/disk/by-path";

const iscsiPort = 3260;

/** The attributes of a pool that depend on its kind, and their checks. */
export interface PoolOrigin {
  readonly config: Pick<PoolConfig, "type" | "path" | "source" | "build" | "deleteData">;
  readonly storage?: SharedStorage;
  readonly volumes?: PoolVolumes;
  readonly volumeSource?: VolumeSource;

  /** The resources that no other pool of the host may use, each with the property that names it. */
  readonly owns: readonly (readonly [property: string, what: string])[];
  readonly check?: (at: IConstruct, host: IHost) => void;
}

/** Describes a pool in a directory of the host, on which a directory of a server can be mounted. */
export function directoryOrigin(path: string, deleteData?: boolean, storage?: SharedStorage): PoolOrigin {
  return {
    config: {
      type: storage && "netfs",
      path,
      source: storage && { host: storage.server, dir: storage.directory, format: storage.protocol },
      deleteData,
    },
    storage,
    owns: [["path", path]],
    check: (at) => {
      checkAbsolute(at, "path", path);
      if (storage !== undefined) {
        checkServer(at, "server", storage.server);
        checkSharedDirectory(at, storage);
      }
    },
  };
}

export function filesystemOrigin(props: FilesystemStoragePoolProps): PoolOrigin {
  const { path, device, format, build, deleteData } = props;
  return {
    config: { type: "fs", path, source: { devices: [device], format }, build, deleteData },
    owns: [
      ["path", path],
      ["device", device],
    ],
    check: (at) => {
      checkAbsolute(at, "path", path);
      checkAbsolute(at, "device", device);
      if (build !== undefined && format === undefined) {
        addError(at, "'build' requires 'format'; set the file system to create: 'ext4' or 'xfs'");
      }
    },
  };
}

export function lvmOrigin({ volumeGroup, devices, build, deleteData }: LvmStoragePoolProps): PoolOrigin {
  return {
    config: { type: "logical", source: { name: volumeGroup, devices }, build, deleteData },
    volumes: "devices",
    volumeSource: asDevice,
    owns: [["volumeGroup", volumeGroup], ...(devices ?? []).map((it) => ["devices", it] as const)],
    check: (at) => {
      checkDevices(at, devices, build);
      if (!Token.isUnresolved(volumeGroup) && !/^[A-Za-z0-9+_.][A-Za-z0-9+_.-]*$/.test(volumeGroup)) {
        addError(
          at,
          `'volumeGroup' must be letters, digits and '+_.-', got '${volumeGroup}'; use the name that 'vgs' shows`,
        );
      }
    },
  };
}

export function diskOrigin({ device, label, path = "/dev", build }: DiskStoragePoolProps): PoolOrigin {
  return {
    config: { type: "disk", path, source: { devices: [device], format: label }, build },
    volumes: "devices",
    volumeSource: asDevice,
    owns: [["device", device]],
    check: (at) => {
      checkAbsolute(at, "path", path);
      checkAbsolute(at, "device", device);
      if (build !== undefined && label === undefined) {
        addError(at, "'build' requires 'label'; set the partition table to create: 'gpt' or 'dos'");
      }
    },
  };
}

export function iscsiOrigin(props: IscsiStoragePoolProps): PoolOrigin {
  const { server, port, target, initiator, chap, direct = false, path } = props;
  const portal = portalOf(server, port);
  return {
    config: {
      type: direct ? "iscsi-direct" : "iscsi",
      path: direct ? undefined : (path ?? devicesByPath),
      source: { host: server, port, devices: [target], initiator, auth: authOf("chap", chap) },
    },
    storage: {
      protocol: "iscsi",
      server: portal,
      directory: target,
      path: direct ? undefined : (path ?? devicesByPath),
    },
    volumes: direct ? "network" : "devices",
    volumeSource: direct
      ? ({ volumeName }) => ({
          protocol: "iscsi",
          // libvirt calls the units of a target `unit:0:0:1`.
          name: `${target}/${volumeName.slice(volumeName.lastIndexOf(":") + 1)}`,
          hosts: { [server]: { port: port ?? iscsiPort } },
          initiator,
          ...credentialsOf(chap),
        })
      : asDevice,
    owns: [["target", `${portal} ${target}`]],
    check: (at, host) => {
      checkServer(at, "server", server);
      checkQualifiedName(at, "target", target);
      checkLogin(at, "chap", "iscsi", chap, host);
      if (initiator !== undefined) {
        checkQualifiedName(at, "initiator", initiator);
      } else if (direct) {
        addError(at, "'direct' requires 'initiator'; set the qualified name of the host, 'iqn....'");
      }
      if (path !== undefined && direct) {
        addError(
          at,
          `'path' cannot be combined with 'direct', got '${path}'; remove it: with 'direct' the host has no devices`,
        );
      } else if (path !== undefined) {
        checkAbsolute(at, "path", path);
      }
    },
  };
}

export function scsiOrigin({ adapter, path = devicesByPath }: ScsiStoragePoolProps): PoolOrigin {
  return {
    config: { type: "scsi", path, source: { adapter: adapterOf(adapter) } },
    volumes: "devices",
    volumeSource: asDevice,
    owns: [["adapter", typeof adapter === "string" ? adapter : JSON.stringify(adapter)]],
    check: (at) => {
      checkAbsolute(at, "path", path);
    },
  };
}

export function multipathOrigin({ path = "/dev/mapper" }: MultipathStoragePoolProps): PoolOrigin {
  return {
    config: { type: "mpath", path },
    volumes: "devices",
    volumeSource: asDevice,
    owns: [["path", path]],
    check: (at) => {
      checkAbsolute(at, "path", path);
    },
  };
}

export function cephOrigin({ monitors, cephPool, login }: CephStoragePoolProps): PoolOrigin {
  return {
    config: { type: "rbd", source: { hosts: monitors, name: cephPool, auth: authOf("ceph", login) } },
    storage: { protocol: "ceph", server: [...monitors].sort().join(","), directory: cephPool },
    volumes: "network",
    volumeSource: ({ volumeName }) => ({
      protocol: "rbd",
      name: `${cephPool}/${volumeName}`,
      hosts: Object.fromEntries(monitors.map(hostAndPort)),
      ...credentialsOf(login),
    }),
    owns: [["cephPool", cephPool]],
    check: (at, host) => {
      if (monitors.length === 0) {
        addError(at, "'monitors' must have at least one monitor, got none; add one");
      }
      for (const monitor of monitors) {
        checkServer(at, "monitors", hostAndPort(monitor)[0]);
      }
      checkLogin(at, "login", "ceph", login, host);
    },
  };
}

export function zfsOrigin({ zpool, devices, build, deleteData }: ZfsStoragePoolProps): PoolOrigin {
  return {
    config: { type: "zfs", source: { name: zpool, devices }, build, deleteData },
    volumes: "devices",
    volumeSource: asDevice,
    owns: [["zpool", zpool], ...(devices ?? []).map((it) => ["devices", it] as const)],
    check: (at) => {
      checkDevices(at, devices, build);
    },
  };
}

/** Checks the source of a pool, and reports an error if another pool of the host uses it. */
export function checkOrigin(at: IConstruct, host: IHost, { owns, check }: PoolOrigin): void {
  check?.(at, host);
  for (const [property, what] of owns) {
    const holder = reserve(at, host.uri, `pool ${property === "devices" ? "device" : property}`, what);
    if (holder !== undefined) {
      const fix = property === "path" ? "choose another directory, or use that pool" : "use that pool";
      addError(
        at,
        `'${property}' must be unique on host '${host.hostName}', '${what}' is already used by ${holder.node.path}; ${fix}`,
      );
    }
  }
}

const asDevice: VolumeSource = ({ path }) => ({ block: path });

function credentialsOf(login: StorageLogin | undefined) {
  return login && { username: login.username, secret: login.secret.secretUuid };
}

function authOf(type: "chap" | "ceph", login: StorageLogin | undefined) {
  return login && { type, username: login.username, secretUuid: login.secret.secretUuid };
}

function adapterOf(adapter: string | ScsiHostAdapter | FibreChannelAdapter): PoolSourceAdapter {
  if (typeof adapter === "string") {
    return { name: adapter };
  }
  if ("wwnn" in adapter) {
    return { type: "fc_host", wwnn: adapter.wwnn, wwpn: adapter.wwpn, parent: adapter.parent };
  }
  return { parentAddress: adapter.address, uniqueId: adapter.uniqueId };
}

function portalOf(server: string, port: number = iscsiPort): string {
  return port === iscsiPort ? server : `${server}:${port}`;
}

/** Splits a server such as `mon-1`, `mon-1:6789` or `[2001:db8::1]:6789` into its host and its settings. */
function hostAndPort(server: string): [host: string, settings: { port?: number }] {
  const [, bracketed, named, port] = /^(?:\[(.+)\]|([^:]+)):([0-9]+)$/.exec(server) ?? [];
  const host = bracketed ?? named;
  return host === undefined ? [server, {}] : [host, { port: Number(port) }];
}

function checkAbsolute(at: IConstruct, property: string, path: string): void {
  if (!Token.isUnresolved(path) && !path.startsWith("/")) {
    addError(at, `'${property}' must be an absolute path, got '${path}'; begin it with '/'`);
  }
}

function checkServer(at: IConstruct, property: string, server: string): void {
  if (!Token.isUnresolved(server) && !/^[^\s:/]+$|^\[?[0-9A-Fa-f:]+\]?$/.test(server)) {
    addError(
      at,
      `'${property}' must be a host name or an IP address, got '${server}'; remove the other parts of the URI`,
    );
  }
}

function checkSharedDirectory(at: IConstruct, { protocol, directory }: SharedStorage): void {
  if (protocol === "nfs" && !Token.isUnresolved(directory) && !directory.startsWith("/")) {
    addError(at, `'directory' must be an absolute path, got '${directory}'; use the path that the server exports`);
  }
  if (protocol === "glusterfs" && !Token.isUnresolved(directory) && !/^[A-Za-z0-9_-]+$/.test(directory)) {
    addError(
      at,
      `'volume' must be letters, digits, '-' and '_', got '${directory}'; use the name that 'gluster volume list' shows`,
    );
  }
}

function checkQualifiedName(at: IConstruct, property: string, name: string): void {
  if (!Token.isUnresolved(name) && !/^iqn\.[0-9]{4}-(0[1-9]|1[0-2])\.[A-Za-z0-9.-]+(:.+)?$/.test(name)) {
    addError(
      at,
      `'${property}' must have the form 'iqn.2013-06.com.example:san', got '${name}'; copy it from the target's settings`,
    );
  }
}

function checkDevices(at: IConstruct, devices: readonly string[] | undefined, build: string | undefined): void {
  for (const device of devices ?? []) {
    checkAbsolute(at, "devices", device);
  }
  if (build !== undefined && (devices === undefined || devices.length === 0)) {
    addError(at, "'build' requires 'devices'; list the devices to build it from");
  }
}

function checkLogin(
  at: IConstruct,
  property: string,
  usage: SecretUsage,
  login: StorageLogin | undefined,
  host: IHost,
): void {
  if (login === undefined) {
    return;
  }
  const { secret, username } = login;
  checkSameHost(at, `'${property}.secret'`, secret.host, host, "create a Secret there");
  if (secret.usage !== undefined && secret.usage !== usage) {
    addError(
      at,
      `'${property}.secret' must have usage '${usage}', got '${secret.usage}'; create a Secret with that usage`,
    );
  }
  if (username === "") {
    addError(at, `'${property}.username' must not be empty; set the name of the user`);
  }
}
