import { TerraformStack, Token } from "cdktf";
import type { Construct } from "constructs";
import { addError } from "./errors";
import { declaredPaths, pathInStack } from "./former-paths";
import { moveResources } from "./moved-resources";
import { reserve } from "./uniqueness";

/** Properties of a construct that keeps its objects when it moves in the code. */
export interface MovableProps {
  /**
   * The former path of the construct in its stack, such as `web-1` or `tier/web-1`, if its id or its scope has changed. The
   * objects of the construct are kept, with their data, names and MAC addresses. List several former paths with the
   * oldest one first.
   *
   * Keep the property after the deployment: default names and MAC addresses are derived from the oldest path.
   *
   * @default - the construct has always had its present path
   */
  readonly formerly?: string | readonly string[];
}

/**
 * Keeps the objects of all constructs in a construct whose id or scope has changed. Call it first in the constructor.
 *
 * Constructs of this library have the property `formerly` for their own objects.
 *
 * @example
 * class WebTier extends Construct {
 *   constructor(scope: Construct, id: string) {
 *     super(scope, id);
 *     movedFrom(this, "frontend");
 *     new VirtualMachine(this, "web-1", { host, image: debian, memory: Size.gibibytes(2) });
 *   }
 * }
 * new WebTier(this, "tier");
 *
 * @param formerly the former path in the stack, or several with the oldest one first
 */
export function movedFrom(construct: Construct, formerly: string | readonly string[] | undefined): void {
  if (formerly === undefined) {
    return;
  }
  const paths = typeof formerly === "string" ? [formerly] : [...formerly];
  const problem = findProblem(construct, paths);
  if (problem !== undefined) {
    addError(construct, problem);
    return;
  }
  declaredPaths.of(construct).paths = paths;
  moveResources(TerraformStack.of(construct));
}

function findProblem(construct: Construct, paths: readonly string[]): string | undefined {
  return (
    findMisplaced(construct) ??
    (paths.length === 0 ? `'formerly' must be at least one path, got none; ${form}, or remove it` : undefined) ??
    paths.map(findMalformed).find((problem) => problem !== undefined) ??
    findRepeated(pathInStack(construct), paths) ??
    findTaken(construct, paths)
  );
}

const form = "write it like 'web-1' or 'tier/web-1', without the stack";

function findMisplaced(construct: Construct): string | undefined {
  if (TerraformStack.isStack(construct)) {
    return "'formerly' is not supported for a stack; set it for the constructs in the stack";
  }
  if (declaredPaths.of(construct).paths.length > 0) {
    return "'formerly' must be set once; list all former paths in one place, the oldest one first";
  }
  if (construct.node.children.length > 0) {
    return (
      "'formerly' must be set before anything is created in the construct; " +
      "call 'movedFrom' first in its constructor, or set its property 'formerly'"
    );
  }
  return undefined;
}

function findMalformed(path: string): string | undefined {
  if (Token.isUnresolved(path)) {
    return `'formerly' must be known at synthesis, got a token; ${form}`;
  }
  const isPath = path.split("/").every((id) => id !== "" && id === id.trim());
  return isPath ? undefined : `'formerly' must be a path in the stack, got '${path}'; ${form}, or remove it`;
}

function findRepeated(present: string, paths: readonly string[]): string | undefined {
  const repeated = paths.find((path, index) => paths.indexOf(path) !== index);
  if (repeated !== undefined) {
    return `'formerly' must name each path once, got '${repeated}' twice; remove one of them`;
  }
  // A construct that has moved back to its oldest path names that first.
  return paths.lastIndexOf(present) > 0 || (paths[0] === present && paths.length === 1)
    ? `'formerly' must differ from the present path, got '${present}'; remove it`
    : undefined;
}

function findTaken(construct: Construct, paths: readonly string[]): string | undefined {
  const stack = TerraformStack.of(construct).node.path;
  for (const path of paths) {
    const holder = reserve(construct, stack, "former path", path);
    if (holder !== undefined) {
      return `'formerly' must be unique, '${path}' is already used by ${holder.node.path}; remove one of them`;
    }
  }
  return undefined;
}
