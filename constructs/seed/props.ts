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

/** One of several documents of user data. */
export interface CloudInitPart {
  /** The document: a script that begins with `#!`, cloud-config, or another one that cloud-init reads. */
  readonly content: string;

  /**
   * The MIME type of the document.
   *
   * @default - what the beginning of the document says, such as `text/x-shellscript` for `#!`
   */
  readonly type?: string;

  /**
   * The file name of the document. Scripts run in the order of these names.
   *
   * @default - `part-` and the position of the document
   */
  readonly fileName?: string;
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
   * The whole user data, instead of what the properties above describe: text of any kind that cloud-init reads
   * (cloud-config, a script, a MIME multipart document), or an object, which becomes cloud-config.
   *
   * @default - what the other properties describe
   * @see https://cloudinit.readthedocs.io/en/latest/explanation/format.html
   */
  readonly userData?: string | Readonly<Record<string, unknown>>;

  /**
   * Further documents of user data: scripts, boot hooks, cloud-config that cloud-init merges.
   *
   * @default - no further documents
   */
  readonly parts?: readonly CloudInitPart[];

  /**
   * Vendor data, which user data takes precedence over: text, or an object, which becomes cloud-config.
   *
   * @default - no vendor data
   */
  readonly vendorData?: string | Readonly<Record<string, unknown>>;

  /**
   * Further keys of the meta data, or other values for `instance-id` and `local-hostname`.
   *
   * @default - no further keys
   */
  readonly metaData?: Readonly<Record<string, unknown>>;

  /**
   * The whole network configuration, instead of `network`: text, or an object, which becomes YAML. It may have bonds,
   * bridges, VLANs and everything else of version 1 or 2.
   *
   * @default - what `network` describes
   * @see https://cloudinit.readthedocs.io/en/latest/reference/network-config-format-v2.html
   */
  readonly networkConfig?: string | Readonly<Record<string, unknown>>;

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
