import type { Stack } from "./stacks";

/** How many changes Terraform makes at a time unless it is told otherwise. */
const TERRAFORMS_OWN = 10;

/**
 * Returns terraform's option for the number of changes at a time, if the stack has machines in rolling groups. A machine that
 * waits for its turn counts as a change in progress: with Terraform's own number, the machines that wait could keep the disk
 * of the first one from being created.
 *
 * @param environment the environment variables: `-parallelism` in one of those of Terraform is left as it is
 */
export function parallelism(
  { configuration }: Pick<Stack, "configuration">,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const machines = Object.values(configuration.resource?.libvirt_domain ?? {});
  const members = machines.filter(({ rollout }) => rollout !== undefined).length;
  const stated = [environment.TF_CLI_ARGS, environment.TF_CLI_ARGS_apply].some((options) =>
    options?.includes("-parallelism"),
  );
  return members === 0 || stated ? [] : [`-parallelism=${TERRAFORMS_OWN + members}`];
}
