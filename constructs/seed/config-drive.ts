import { digestOf, type Document, jsonDocument, renderJson, yamlDocument } from "./private/documents";
import { fileProblems, renderFiles } from "./private/files";
import { hostnameProblems } from "./private/rules";
import type { ISeed, SeedContent, SeedFile } from "./types";

/** Properties of an OpenStack config drive. */
export interface ConfigDriveProps {
  /**
   * Host name of the guest.
   *
   * @default - the virtual machine's name
   */
  readonly hostname?: string;

  /**
   * What the guest does: text of any kind that it reads, such as cloud-config, a script or the JSON of Ignition.
   *
   * @default - no user data
   */
  readonly userData?: string;

  /**
   * Further keys of the meta data, such as `public_keys` and `admin_pass`.
   *
   * @default - no further keys
   */
  readonly metaData?: Readonly<Record<string, unknown>>;

  /**
   * The network configuration: JSON as text, or an object.
   *
   * @default - the guest's default, which is DHCP
   */
  readonly networkData?: string | Readonly<Record<string, unknown>>;

  /**
   * Vendor data: JSON as text, or an object.
   *
   * @default - no vendor data
   */
  readonly vendorData?: string | Readonly<Record<string, unknown>>;

  /**
   * Further files by their paths, such as `openstack/content/0000`.
   *
   * @default - no further files
   */
  readonly files?: Readonly<Record<string, SeedFile>>;
}

/**
 * An OpenStack config drive: a disk with the label `config-2`. cloud-init, cloudbase-init on Windows, Ignition and others
 * read it.
 *
 * @example
 * new ConfigDrive({ metaData: { admin_pass: "secret" }, userData: "#ps1_sysnative\nWrite-Host hello\n" });
 *
 * @see https://docs.openstack.org/nova/latest/user/metadata.html
 */
export class ConfigDrive implements ISeed {
  public readonly reader = "the guest";
  public readonly runsAgain = true;

  constructor(private readonly props: ConfigDriveProps = {}) {}

  public problems(machineName: string): string[] {
    return [...hostnameProblems(this.props.hostname ?? machineName), ...fileProblems(this.props.files)];
  }

  public render(machineName: string, rerun = false): SeedContent {
    const { hostname = machineName, metaData, files } = this.props;
    const userData = renderOptional(this.props.userData, yamlDocument);
    const vendorData = renderOptional(this.props.vendorData, jsonDocument);
    const networkData = renderOptional(this.props.networkData, jsonDocument);
    const uuid = rerun ? `${machineName}-${digestOf(userData, vendorData, networkData)}` : machineName;
    return {
      configDrive: {
        metaData: renderJson({ uuid, name: machineName, hostname, ...metaData }),
        userData,
        vendorData,
        networkData,
      },
      files: renderFiles(files),
    };
  }
}

function renderOptional<T extends Document>(
  document: T | undefined,
  render: (document: T) => string,
): string | undefined {
  return document === undefined ? undefined : render(document);
}
