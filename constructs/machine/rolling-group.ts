import { Construct } from "constructs";
import { addError } from "../core/errors";
import { checkWhole } from "../core/numbers";

/** Properties of a rolling group. */
export interface RollingGroupProps {
  /**
   * Name of the group: letters, digits, '-' and '_'. All machines on the hosts that have the same name are one group.
   *
   * @default - the ids of the stack and of the construct, such as `shop-web`
   */
  readonly groupName?: string;

  /**
   * The number of machines of the group that may be unavailable at a time, whatever the reason, at least 1.
   *
   * A machine that does not exist is not counted: state `minAvailable` too if a machine may be missing.
   *
   * @default 1, or any number with `minAvailable`
   */
  readonly maxUnavailable?: number;

  /**
   * The number of machines of the group that must remain available, at least 1.
   *
   * @default - no such limit
   */
  readonly minAvailable?: number;
}

/**
 * Machines that a deployment restarts or replaces a few at a time, on all hosts together.
 *
 * A machine is available if it runs and meets its `waitFor`. The deployment changes the next machine when the last one
 * is available again. If one does not become available, the deployment fails, and the other machines are as they were.
 * The next deployment continues with the rest.
 *
 * A new `image` goes through the group if the machines have `onImageChange: "replace"`, and other changes that a running
 * guest cannot take over if they have `onChange: "restart"`.
 *
 * @example
 * const web = new RollingGroup(this, "web", { maxUnavailable: 1 });
 * for (const name of ["web-1", "web-2", "web-3"]) {
 *   new VirtualMachine(this, name, { host, memory: Size.gibibytes(1), rollingGroup: web, onChange: "restart" });
 * }
 */
export class RollingGroup extends Construct {
  /** Name of the group. */
  public readonly groupName: string;

  /** The number of machines that may be unavailable at a time. Undefined if only `minAvailable` limits it. */
  public readonly maxUnavailable?: number;

  /** The number of machines that must remain available. */
  public readonly minAvailable?: number;

  constructor(scope: Construct, id: string, props: RollingGroupProps = {}) {
    super(scope, id);
    this.groupName = props.groupName ?? this.node.path.replaceAll("/", "-");
    this.maxUnavailable = props.maxUnavailable;
    this.minAvailable = props.minAvailable;
    if (!/^[A-Za-z0-9_-]+$/.test(this.groupName)) {
      addError(
        this,
        `'groupName' must be letters, digits, '-' and '_', got '${this.groupName}'; set it, or correct the ids of the construct and its stack`,
      );
    }
    checkWhole(this, "maxUnavailable", props.maxUnavailable, { least: 1 });
    checkWhole(this, "minAvailable", props.minAvailable, { least: 1 });
  }
}
