/** Properties of a construct whose objects hold data. */
export interface ProtectableProps {
  /**
   * Whether a deployment that would destroy or replace the objects is refused in the plan, also by `kvm-fleet destroy`.
   *
   * To destroy or replace them, set it to false, deploy that, and then remove or change the construct.
   *
   * @default false
   */
  readonly protect?: boolean;
}
