import type { CloudInitEthernet } from "./cloud-init-network";

/** A user of the guest. */
export interface CloudInitUser {
  /** Login name. */
  readonly name: string;

  /**
   * SSH public keys that may log in as this user, in the format of `id_ed25519.pub`.
   *
   * @default - no keys
   */
  readonly sshKeys?: readonly string[];

  /**
   * Groups of the user, in addition to the user's own.
   *
   * @default - no further groups
   */
  readonly groups?: readonly string[];

  /**
   * Whether the user may become root without a password, or a rule in the format of sudoers.
   *
   * @default false
   */
  readonly sudo?: boolean | string;

  /**
   * Absolute path of the login shell.
   *
   * @default - the guest's default shell
   */
  readonly shell?: string;

  /**
   * The hash of a password, as `mkpasswd` or `openssl passwd -6` prints it.
   *
   * @default - the user cannot log in with a password
   */
  readonly hashedPassword?: string;
}

/** A file in the guest. */
export interface CloudInitFile {
  /** Absolute path in the guest. */
  readonly path: string;

  /** Content of the file: text, which may contain tokens, or bytes. */
  readonly content: string | Uint8Array;

  /**
   * Permissions of the file, in octal.
   *
   * @default "0644"
   */
  readonly permissions?: string;

  /**
   * Owner of the file: `user:group`.
   *
   * @default "root:root"
   */
  readonly owner?: string;

  /**
   * Whether the content is appended to an existing file.
   *
   * @default false
   */
  readonly append?: boolean;

  /**
   * Whether the file is written last, after users are created and packages are installed.
   *
   * @default false
   */
  readonly defer?: boolean;
}

/** Properties of cloud-init data. */
export interface CloudInitProps {
  /**
   * Host name of the guest, short or fully qualified.
   *
   * @default - the virtual machine's name
   */
  readonly hostname?: string;

  /**
   * SSH public keys that may log in as the image's default user, such as `debian`.
   *
   * @default - no keys
   */
  readonly sshKeys?: readonly string[];

  /**
   * Users in addition to the image's default user.
   *
   * @default - no further users
   */
  readonly users?: readonly CloudInitUser[];

  /**
   * Packages to install, by their names in the guest's distribution. The package index is updated first.
   *
   * @default - no packages
   */
  readonly packages?: readonly string[];

  /**
   * Files to write, before users are created and packages are installed unless `defer` is set.
   *
   * @default - no files
   */
  readonly files?: readonly CloudInitFile[];

  /**
   * Commands to run once, late in the first boot: a line for the shell, or a program and its arguments.
   *
   * @default - no commands
   */
  readonly runCommands?: readonly (string | readonly string[])[];

  /**
   * Settings of the network interfaces, by a key of your choice. A key that is not the name of an interface requires
   * `matchName` or `matchMac`.
   *
   * @default - every interface requests an address by DHCP
   */
  readonly network?: Readonly<Record<string, CloudInitEthernet>>;

  /**
   * Any other keys of cloud-init's user-data, at the top level.
   *
   * @default - no further keys
   * @see https://cloudinit.readthedocs.io/en/latest/reference/modules.html
   */
  readonly extra?: Readonly<Record<string, unknown>>;
}
