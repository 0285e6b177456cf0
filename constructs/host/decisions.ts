import { existsSync, readFileSync } from "node:fs";
import type { IConstruct } from "constructs";
import { type Decision, type Decisions, LOCK_FILE, parseDecisions } from "../../placement";
import { ConstructState } from "../core/construct-state";
import { addError } from "../core/errors";
import { originalPath } from "../core/former-paths";

/** The decisions of each app. The folder in which the app runs is that of cdktf.json. */
const decisions = new ConstructState<{ decisions?: Decisions }>(() => ({}));

/** What was decided for a machine; undefined if nothing was. A machine that has moved in the code keeps its decision. */
export function decisionFor(machine: IConstruct): Decision | undefined {
  const state = decisions.of(machine.node.root);
  state.decisions ??= read(machine);
  return state.decisions.get(machine.node.path) ?? state.decisions.get(originalPath(machine));
}

function read(machine: IConstruct): Decisions {
  if (!existsSync(LOCK_FILE)) return new Map();
  const content = parseDecisions(readFileSync(LOCK_FILE, "utf8"));
  if (typeof content === "string") {
    addError(machine, `${LOCK_FILE} must be a file of 'kvm-fleet place': ${content}`);
    return new Map();
  }
  return content;
}
