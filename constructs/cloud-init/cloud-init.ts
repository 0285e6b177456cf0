import { Token } from "cdktf";
import { networkConfig } from "./cloud-init-network";
import { cloudInitProblems, hostnameProblems } from "./private/rules";
import { renderYaml } from "./private/yaml-document";
import type { CloudInitFile, CloudInitProps, CloudInitUser } from "./props";

/** The files of a NoCloud disk, as text for Terraform attributes. */
export interface NoCloudData {
  readonly userData: string;
  readonly metaData: string;
  readonly networkConfig?: string;
}

/**
 * What cloud-init sets up when a virtual machine boots for the first time. Any number of machines can use the same
 * object.
 *
 * `${` in texts is literal text. To let Terraform fill in a value, use a token such as `variable.stringValue`.
 *
 * @example
 * new CloudInit({ sshKeys: [readFileSync("id_ed25519.pub", "utf8")], packages: ["nginx"] });
 *
 * @see https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html
 */
export class CloudInit {
  private cachedUserData?: string;
  private cachedProblems?: string[];

  constructor(private readonly props: CloudInitProps = {}) {}

  /**
   * Returns the errors in this data, which the virtual machine that uses it reports.
   *
   * @param defaultHostname the host name if the properties have none
   */
  public problems(defaultHostname: string): string[] {
    this.cachedProblems ??= cloudInitProblems(this.props);
    return [...hostnameProblems(this.props.hostname ?? defaultHostname), ...this.cachedProblems];
  }

  /**
   * Renders the data for one virtual machine.
   *
   * @param name name of the machine: cloud-init runs again if it changes
   */
  public render(name: string): NoCloudData {
    const { hostname, network } = this.props;
    return {
      userData: this.userData(),
      metaData: renderYaml({ "instance-id": name, "local-hostname": hostname ?? name }),
      networkConfig: network && renderYaml(networkConfig(network)),
    };
  }

  /** Without anything of one machine, so that it is rendered once for all. */
  private userData(): string {
    this.cachedUserData ??= `#cloud-config\n${renderYaml(this.cloudConfig())}`;
    return this.cachedUserData;
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
