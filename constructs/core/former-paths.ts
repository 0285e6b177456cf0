import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { ConstructState } from "./construct-state";

/** The former paths that a construct itself has declared, the first one first. */
export const declaredPaths = new ConstructState<{ paths: readonly string[] }>(() => ({ paths: [] }));

/**
 * The paths that a construct has had in its stack, the first one first.
 *
 * They follow from what the construct and those that it is in have declared. The present path is among them only if the
 * construct has moved back to it.
 */
export function formerPaths(construct: IConstruct): readonly string[] {
  const { scope, id } = construct.node;
  if (scope === undefined || TerraformStack.isStack(construct)) {
    return [];
  }
  const declared = declaredPaths.of(construct).paths.flatMap((path) => [...earlierPaths(scope, path), path]);
  const inherited = formerPaths(scope).map((path) => `${path}/${id}`);
  return [...new Set([...declared, ...inherited])];
}

/** The id that a construct had when its objects were created: the default for their names. */
export function originalId(construct: IConstruct): string {
  const [first = construct.node.id] = formerPaths(construct);
  return first.split("/").pop() ?? first;
}

/** The path, with that of the stack, that a construct had when its objects were created. */
export function originalPath(construct: IConstruct): string {
  const [first = pathInStack(construct)] = formerPaths(construct);
  return `${TerraformStack.of(construct).node.path}/${first}`;
}

/** The path of a construct in its stack. It is empty for the stack itself. */
export function pathInStack(construct: IConstruct): string {
  const { scopes } = construct.node;
  const ids = scopes.slice(scopes.indexOf(TerraformStack.of(construct)) + 1).map(({ node }) => node.id);
  return ids.join("/");
}

/** The paths that a path had earlier, because a construct on it, which is also around `scope`, has moved. */
function earlierPaths(scope: IConstruct, path: string): readonly string[] {
  if (TerraformStack.isStack(scope)) {
    return [];
  }
  const place = pathInStack(scope);
  return path.startsWith(`${place}/`)
    ? formerPaths(scope).map((former) => former + path.slice(place.length))
    : earlierPaths(scope.node.scope ?? TerraformStack.of(scope), path);
}
