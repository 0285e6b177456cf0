import { Token } from "cdktf";
import { networkConfig } from "./cloud-init-network";
import { digestOf, renderYaml, yamlDocument } from "./private/documents";
import { renderMultipart } from "./private/multipart";
import { cloudInitProblems, hostnameProblems } from "./private/rules";
import type { CloudInitFile, CloudInitProps, CloudInitUser } from "./props";
import type { ISeed, SeedContent } from "./types";

/**
 * What cloud-init sets up when a virtual machine boots for the first time. Any number of machines can use the same
 * object.
 *
 * `${` in texts is literal text. To let Terraform fill in a value, use a token such as `variable.stringValue`.
 *
 * @example
 * new CloudInit({ sshKeys: [readFileSync("id_ed25519.pub", "utf8")], packages: ["nginx"] });
 * new CloudInit({ userData: "#!/bin/sh\napt-get update\n" });
 *
 * @see https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html
 */
export class CloudInit implements ISeed {
  public readonly reader = "cloud-init";
  public readonly runsAgain = true;

  private cachedUserData?: string;
  private cachedProblems?: string[];

  constructor(private readonly props: CloudInitProps = {}) {}

  public problems(machineName: string): string[] {
    this.cachedProblems ??= cloudInitProblems(this.props);
    return [...hostnameProblems(this.props.hostname ?? machineName), ...this.cachedProblems];
  }

  public render(machineName: string, rerun = false): SeedContent {
    const { hostname, network, networkConfig: rawNetwork, metaData, vendorData } = this.props;
    const cloudInit = {
      userData: this.userData(),
      vendorData: vendorData === undefined ? undefined : cloudConfigDocument(vendorData),
      networkConfig:
        rawNetwork === undefined ? network && renderYaml(networkConfig(network)) : yamlDocument(rawNetwork),
    };
    const { userData, vendorData: vendor, networkConfig: config } = cloudInit;
    const instance = rerun ? `${machineName}-${digestOf(userData, vendor, config)}` : machineName;
    return {
      cloudInit: {
        ...cloudInit,
        metaData: renderYaml({ "instance-id": instance, "local-hostname": hostname ?? machineName, ...metaData }),
      },
    };
  }

  /** Without anything of one machine, so that it is rendered once for all. */
  private userData(): string {
    this.cachedUserData ??= this.renderUserData();
    return this.cachedUserData;
  }

  private renderUserData(): string {
    const { userData, parts = [] } = this.props;
    if (parts.length === 0) {
      return cloudConfigDocument(userData ?? this.cloudConfig());
    }
    const config = this.cloudConfig();
    const isEmpty = Object.values(config).every((value) => value === undefined);
    const first = userData ?? (isEmpty ? undefined : config);
    return renderMultipart(first === undefined ? undefined : cloudConfigDocument(first), parts);
  }

  private cloudConfig(): object {
    const { sshKeys, users, packages, files, runCommands, extra } = this.props;
    return {
      ssh_authorized_keys: unlessEmpty(sshKeys?.map(trimmed)),
      // With 'users', the image's own user is made only when it is named.
      users: unlessEmpty(users) && ["default", ...(users ?? []).map(renderUser)],
      package_update: unlessEmpty(packages) && true,
      packages: unlessEmpty(packages),
      write_files: unlessEmpty(files?.map(renderFile)),
      runcmd: unlessEmpty(runCommands),
      ...extra,
    };
  }
}

/** Renders text as it is, and an object as cloud-config. */
function cloudConfigDocument(document: string | object): string {
  return typeof document === "string" ? yamlDocument(document) : `#cloud-config\n${renderYaml(document)}`;
}

function renderUser(user: CloudInitUser): object {
  return {
    name: user.name,
    groups: unlessEmpty(user.groups),
    sudo: user.sudo === true ? "ALL=(ALL) NOPASSWD:ALL" : user.sudo,
    shell: user.shell,
    lock_passwd: user.hashedPassword === undefined,
    hashed_passwd: user.hashedPassword,
    ssh_authorized_keys: unlessEmpty(user.sshKeys?.map(trimmed)),
  };
}

function renderFile({ path, content, permissions, owner, append, defer }: CloudInitFile): object {
  const isText = typeof content === "string";
  return {
    path,
    content: isText ? content : Buffer.from(content).toString("base64"),
    encoding: isText ? undefined : "b64",
    permissions: permissions ?? "0644",
    owner,
    append,
    defer,
  };
}

/** Keys are often read from files, which end with a line break. */
function trimmed(key: string): string {
  return Token.isUnresolved(key) ? key : key.trim();
}

function unlessEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list !== undefined && list.length > 0 ? list : undefined;
}
