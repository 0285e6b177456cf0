import { Token } from "cdktf";
import { jsonDocument } from "./private/documents";
import type { ISeed, SeedContent } from "./types";

/** Properties of a configuration for Ignition. */
export interface IgnitionProps {
  /** The configuration: JSON as text, as `butane` writes it, or an object. */
  readonly config: string | Readonly<Record<string, unknown>>;

  /**
   * How the guest finds the configuration.
   *
   * - `fw-cfg`: by QEMU's fw_cfg, as Fedora CoreOS, Flatcar and openSUSE MicroOS do on x86 and ARM. The machine cannot move
   *   to another host while it runs.
   * - `disk`: on a disk with the label `ignition`, as openSUSE MicroOS does.
   *
   * @default "fw-cfg"
   */
  readonly delivery?: "fw-cfg" | "disk";
}

/**
 * A configuration for Ignition, which runs at the first boot of a guest.
 *
 * @example
 * new Ignition({ config: { ignition: { version: "3.4.0" }, storage: { files: [{ path: "/etc/hostname" }] } } });
 *
 * @see https://coreos.github.io/ignition/supported-platforms/
 */
export class Ignition implements ISeed {
  public readonly reader = "Ignition";
  public readonly runsAgain = false;
  public readonly fwCfg?: string;

  constructor(private readonly props: IgnitionProps) {
    this.fwCfg = props.delivery === "disk" ? undefined : "opt/com.coreos/config";
  }

  public problems(): string[] {
    const { config } = this.props;
    if (typeof config !== "string" || Token.isUnresolved(config)) {
      return [];
    }
    try {
      JSON.parse(config);
      return [];
    } catch {
      return ["'seed.config' of Ignition must be JSON; translate Butane's YAML with 'butane'"];
    }
  }

  public render(): SeedContent {
    const config = jsonDocument(this.props.config);
    return this.fwCfg === undefined ? { ignition: { config } } : { content: config };
  }
}
