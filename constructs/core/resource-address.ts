import { type TerraformDataSource, type TerraformResource, TerraformStack } from "cdktf";
import { addError } from "./errors";
import { reserve } from "./uniqueness";

/**
 * Checks that a resource, or a data source, has a Terraform address that is valid and its own.
 *
 * cdktf drops what is not a letter, digit, '-' or '_' from the id of a construct at the top of a stack, so `web.1` and
 * `web1` come out as one address, and the second would silently overwrite the first.
 */
export function checkAddress(resource: TerraformResource | TerraformDataSource): void {
  const owner = resource.node.scope ?? resource;
  const address = `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
  if (!/^[A-Za-z_]/.test(resource.friendlyUniqueId)) {
    addError(
      owner,
      `construct id '${owner.node.id}' makes the Terraform address '${address}', which must begin with a letter or '_'; ` +
        "begin the id with one",
    );
  }
  const holder = reserve(owner, TerraformStack.of(resource).node.path, "Terraform address", address);
  if (holder !== undefined) {
    addError(
      owner,
      `construct id '${owner.node.id}' makes the Terraform address '${address}', which is already used by ${holder.node.path}; ` +
        "choose ids that differ in letters or digits",
    );
  }
}
