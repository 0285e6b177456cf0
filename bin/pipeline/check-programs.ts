import { terraformBinary } from "../../lab/terraform-binary";
import { PackagedProvider } from "./packaged-provider";

/**
 * Checks that this machine has a provider, and a program that plans and applies. The provider comes first: where there is none
 * for this platform, another program does not help.
 *
 * @throws Error if one of them is missing
 */
export function checkPrograms(): void {
  PackagedProvider.check();
  terraformBinary();
}
