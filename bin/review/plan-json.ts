/** The part of `terraform show -json PLAN` that a review reads. https://developer.hashicorp.com/terraform/internals/json-format */
export interface PlanJson {
  readonly resource_changes?: readonly ResourceChange[];
  /** What the refresh found otherwise than the state says. */
  readonly resource_drift?: readonly ResourceChange[];
}

export interface ResourceChange {
  readonly address: string;
  /** The address before a move in the code. */
  readonly previous_address?: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly change: Change;
}

export interface Change {
  readonly actions: readonly ("no-op" | "create" | "read" | "update" | "delete" | "forget")[];
  readonly before: Values | null;
  readonly after: Values | null;
  readonly after_unknown?: Readonly<Record<string, unknown>>;
  readonly importing?: object;
}

/** The attributes that a review names. A plan has many more, and secrets among them. */
export interface Values {
  readonly name?: string;
  readonly host?: string;
  readonly pool?: string;
  readonly state?: string;
  /** In KiB. */
  readonly memory?: number;
  readonly vcpu?: number;
  /** Sizes in KiB. */
  readonly memory_devices?: Readonly<
    Record<string, { readonly size?: number | null; readonly requested?: number | null }>
  > | null;
  /** In bytes. */
  readonly capacity?: number;
  readonly delete_data?: boolean;
  readonly interfaces?: Readonly<Record<string, { readonly network?: string | null }>> | null;
  readonly effect?: Effect | null;
}

/** What an apply means for the guest of a domain. */
export interface Effect {
  readonly action: EffectAction;
  readonly causes: readonly string[];
}

export type EffectAction =
  "none" | "live" | "next-start" | "migrate-offline" | "migrate-live" | "power-on" | "restart" | "power-off";
