import { Token } from "cdktf";
import { type CloudInitEthernet, networkConfig } from "./cloud-init-network";
import { cloudInitProblems, hostnameProblems } from "./private/rules";
import { renderYaml } from "./private/yaml-document";

/** A user of the guest. */
export interface CloudInitUser {
  /** Login name. */
  readonly name: string;

  /**
   * SSH public keys that may log in as this user, as in `id_ed25519.pub`.
   *
   * @default - none
   */
  readonly sshKeys?: readonly string[];

  /**
   * Groups besides the user's own.
   *
   * @default - none
   */
  readonly groups?: readonly string[];

  /**
   * Whether the user may become root without a password, or a rule as in sudoers.
   *
   * @default false
   */
  readonly sudo?: boolean | string;

  /**
   * Absolute path of the login shell.
   *
   * @default - the guest's own
   */
  readonly shell?: string;

  /**
   * A password as `mkpasswd` or `openssl passwd -6` hashes it.
   *
   * @default - none: the user can't log in with a password
   */
  readonly hashedPassword?: string;
}

/** A file in the guest. */
export interface CloudInitFile {
  /** Absolute path in the guest. */
  readonly path: string;

  /** Its content: text, which may hold tokens, or bytes. */
  readonly content: string | Uint8Array;

  /**
   * Permissions in octal.
   *
   * @default "0644"
   */
  readonly permissions?: string;

  /**
   * Who owns it: `user:group`.
   *
   * @default "root:root"
   */
  readonly owner?: string;

  /**
   * Whether the content is added to a file that exists.
   *
   * @default false
   */
  readonly append?: boolean;

  /**
   * Whether it is written last, when packages are installed and users made.
   *
   * @default false
   */
  readonly defer?: boolean;
}

/** Properties of first-boot data. */
export interface CloudInitProps {
  /**
   * Host name, short or fully qualified.
   *
   * @default - the virtual machine's name
   */
  readonly hostname?: string;

  /**
   * SSH public keys that may log in as the image's default user, such as `debian`.
   *
   * @default - none
   */
  readonly sshKeys?: readonly string[];

  /**
   * Users besides the image's default one.
   *
   * @default - none
   */
  readonly users?: readonly CloudInitUser[];

  /**
   * Packages that are installed, by their names in the guest's distribution; its package index is read first.
   *
   * @default - none
   */
  readonly packages?: readonly string[];

  /**
   * Files that are written, before users are made and packages installed unless they say `defer`.
   *
   * @default - none
   */
  readonly files?: readonly CloudInitFile[];

  /**
   * Commands that are run once, late in the first boot: a line for the shell, or a program and its arguments.
   *
   * @default - none
   */
  readonly runCommands?: readonly (string | readonly string[])[];

  /**
   * What the network interfaces get, by a key of yours; one that is no name of an interface needs a match.
   *
   * @default - every interface asks for an address by DHCP
   */
  readonly network?: Readonly<Record<string, CloudInitEthernet>>;

  /**
   * Anything else that cloud-init knows, as it is to stand at the top of user-data.
   *
   * @default - nothing
   * @see https://cloudinit.readthedocs.io/en/latest/reference/modules.html
   */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The files of a NoCloud disk, as text for Terraform attributes. */
export interface NoCloudData {
  readonly userData: string;
  readonly metaData: string;
  readonly networkConfig?: string;
}

/**
 * What a virtual machine is told when it boots for the first time; one can be given to any number of machines.
 *
 * `${` in texts is text: to have Terraform fill something in, use a token, such as `variable.stringValue`.
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
   * What is wrong with it, to be reported by the virtual machine that it is given to.
   *
   * @param defaultHostname the host name when the properties give none
   */
  public problems(defaultHostname: string): string[] {
    this.cachedProblems ??= cloudInitProblems(this.props);
    return [...hostnameProblems(this.props.hostname ?? defaultHostname), ...this.cachedProblems];
  }

  /**
   * The data for one virtual machine.
   *
   * @param name the machine's name, by which cloud-init knows whether it has been here before
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
