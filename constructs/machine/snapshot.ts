import { Domain, DomainSnapshot } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { addError } from "../core/errors";
import { originalId } from "../core/former-paths";
import { type MovableProps, movedFrom } from "../core/formerly";
import { checkName } from "../core/names";
import type { ProtectableProps } from "../core/protectable";
import { checkAddress } from "../core/resource-address";
import { templateLiteral } from "../core/template-literal";
import { reserveOnHost } from "../host/reserve-on-host";
import { checkHost } from "../host/same-host";
import type { IVirtualMachine } from "./types";

/** A snapshot of a virtual machine, as other constructs refer to it. */
export interface ISnapshot extends IConstruct {
  /** The machine that the snapshot belongs to. */
  readonly vm: IVirtualMachine;

  /** Name of the snapshot among the machine's snapshots. */
  readonly snapshotName: string;
}

/** Properties of a snapshot. */
export interface SnapshotProps extends MovableProps, ProtectableProps {
  /** The machine. It is created before the snapshot, and destroyed only after it. */
  readonly vm: IVirtualMachine;

  /**
   * Whether the snapshot includes the guest's memory. After a revert the guest continues from there; without the memory
   * it boots.
   *
   * The machine must be running, and keeps running while the snapshot is taken. A change replaces the snapshot.
   *
   * @default false
   */
  readonly memory?: boolean;

  /**
   * Whether the guest agent flushes and freezes the guest's file systems while the snapshot is taken. It has no effect
   * afterwards, and cannot be combined with `memory`.
   *
   * @default false - the disks are in the state they would have after a power failure
   */
  readonly quiesce?: boolean;

  /**
   * Absolute path of a directory on the host for the snapshot's files. A change replaces the snapshot.
   *
   * @default - the directory of each disk
   */
  readonly directory?: string;

  /**
   * Reverts the machine to the snapshot each time this text changes: use a date, or `"1"`, `"2"` and so on.
   *
   * Everything written since the snapshot is lost, and the plan warns of it. The snapshot remains. It must be the
   * machine's latest.
   *
   * @default - the machine is not reverted
   */
  readonly revertTrigger?: string;

  /**
   * A description for people.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * Name of the snapshot among the machine's snapshots. A change replaces the snapshot.
   *
   * @default - the construct's id
   */
  readonly snapshotName?: string;
}

/**
 * A snapshot of a virtual machine: a state that the machine can be reverted to.
 *
 * The content of the disks is frozen, and the machine writes to other files from then on. Destroying the snapshot
 * merges these files into the disks: the machine keeps its current content, and can no longer be reverted.
 *
 * @example
 * const web = new VirtualMachine(this, "web-1", { host, memory: Size.gibibytes(2), image: debian, network: lan });
 * new Snapshot(this, "before-upgrade", { vm: web, memory: true });
 *
 * @see https://libvirt.org/formatsnapshot.html
 */
export class Snapshot extends Construct implements ISnapshot {
  public readonly vm: IVirtualMachine;
  public readonly snapshotName: string;
  private readonly resource: DomainSnapshot;

  constructor(scope: Construct, id: string, props: SnapshotProps) {
    super(scope, id);
    movedFrom(this, props.formerly);
    this.vm = props.vm;
    this.snapshotName = props.snapshotName ?? originalId(this);

    checkHost(this, this.vm.host);
    checkName(this, "snapshotName", this.snapshotName);
    reserveOnHost(this, "snapshot", `${this.vm.vmName}/${this.snapshotName}`, this.vm.host);
    this.validateFirstLetter();
    this.validateQuiesce(props);
    this.validateDirectory(props.directory);

    this.resource = new DomainSnapshot(this, "Default", {
      host: this.vm.host.hostName,
      domain: domainName(this.vm),
      name: this.snapshotName,
      description: templateLiteral(props.description),
      memory: props.memory,
      quiesce: props.quiesce,
      directory: templateLiteral(props.directory),
      revert: templateLiteral(props.revertTrigger),
      protect: props.protect,
    });
    checkAddress(this.resource);
  }

  /** When the snapshot was created, a reference. */
  public get created(): string {
    return this.resource.created;
  }

  private validateFirstLetter(): void {
    if (!Token.isUnresolved(this.snapshotName) && this.snapshotName.startsWith(".")) {
      addError(this, `'snapshotName' must not begin with '.', got '${this.snapshotName}'; remove the '.'`);
    }
  }

  private validateQuiesce({ memory, quiesce }: SnapshotProps): void {
    if (memory === true && quiesce === true) {
      addError(
        this,
        "'quiesce' cannot be combined with 'memory': data that the guest has not flushed is in its memory; remove one of them",
      );
    }
  }

  private validateDirectory(directory: string | undefined): void {
    if (directory !== undefined && !Token.isUnresolved(directory) && !directory.startsWith("/")) {
      addError(this, `'directory' must be an absolute path, got '${directory}'; begin it with '/'`);
    }
  }
}

/** The machine's name as a reference, so that Terraform creates the machine before its snapshot and destroys it after. */
function domainName(vm: IVirtualMachine): string {
  const domain = vm.node.defaultChild;
  return domain instanceof Domain ? domain.name : vm.vmName;
}
