import type { CloudInitEthernet } from "./cloud-init-network";

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
