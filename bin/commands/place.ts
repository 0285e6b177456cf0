import { type Command, Option } from "commander";
import {
  type Assignment,
  check,
  conflictIn,
  dedicateAll,
  explain,
  type Finding,
  LOCK_FILE,
  lostIn,
  place,
  type PlacementModel,
  unmetPreferences,
} from "../../placement";
import { exitCodes, Failure, UsageFailure } from "../failure";
import { isDecided, readDecisions, readPlacement, writeDecisions } from "../pipeline/placement";
import { type Project, readProject } from "../pipeline/project";
import { conflictText, explanationText, findingText, placementText } from "../placement/text";
import { progress } from "../progress";

interface Options {
  readonly check?: boolean;
  readonly explain?: string;
  readonly rebalance?: boolean;
  readonly maxMoves?: number;
}

/** How many machines a rebalancing moves if the command does not say. */
const MAX_MOVES = 5;

export function addPlace(program: Command): void {
  program
    .command("place")
    .description(
      `decide which hosts the machines of fleets are on, and write it to ${LOCK_FILE}; what is decided stays where it can; ` +
        "exit code 1 if a condition is not met",
    )
    .addOption(new Option("--check", "check the decisions, and write nothing").conflicts(["explain", "rebalance"]))
    .addOption(
      new Option(
        "--explain <name>",
        "show why a machine is on its host and what else is possible, and write nothing",
      ).conflicts(["rebalance"]),
    )
    .option("--rebalance", "also move machines so that the hosts are used as the fleets say")
    .addOption(
      new Option("--max-moves <number>", `how many machines '--rebalance' moves (default: ${MAX_MOVES})`).argParser(
        wholeNumber,
      ),
    )
    .action(async (options: Options) => {
      if (options.maxMoves !== undefined && options.rebalance !== true) {
        throw new UsageFailure("'--max-moves' requires '--rebalance'; add it, or leave '--max-moves' out");
      }
      const project = readProject();
      const model = await readPlacement(project);
      if (options.check === true) {
        checkDecisions(project, model);
      } else if (options.explain !== undefined) {
        explainMachine(model, options.explain);
      } else {
        decide(project, model, options.rebalance === true ? (options.maxMoves ?? MAX_MOVES) : 0);
      }
    });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text))
    throw new UsageFailure(`'--max-moves' must be a whole number of at least 1, got '${text}'`);
  return Number(text);
}

function decide(project: Project, model: PlacementModel, maxMoves: number): void {
  const placement = place(model, { maxMoves });
  if (placement.unplaced.length > 0) throw new Failure(conflictText(placement.unplaced, conflictIn(model)));
  console.log(placementText(model, placement));
  for (const unmet of unmetPreferences(model, placement.assignment)) {
    console.log(`Not met, and only preferred: ${findingText(unmet)}`);
  }
  const isChanged = writeDecisions(project, model, placement.assignment);
  progress(isChanged ? `wrote ${LOCK_FILE}; review and commit it` : `${LOCK_FILE} is unchanged`);
  const { findings } = dedicateAll(model, placement.assignment);
  report([...check(model, placement.assignment), ...findings, ...lostIn(model, placement.assignment)]);
}

function checkDecisions(project: Project, model: PlacementModel): void {
  const assignment = currentOf(model);
  const paths = new Set(model.machines.filter(isDecided).map(({ path }) => path));
  const stale = [...readDecisions(project).keys()]
    .filter((path) => !paths.has(path))
    .map((path) => ({
      at: path,
      message: `${LOCK_FILE} decides about no machine that needs it; run 'kvm-fleet place'`,
    }));
  const undecided = model.machines
    .filter(({ cpus }) => cpus !== undefined && cpus.stated === undefined && cpus.current === undefined)
    .map(({ path }) => ({ at: path, message: "no CPUs are decided for the machine; run 'kvm-fleet place'" }));
  const { findings } = dedicateAll(model, assignment);
  report([...stale, ...undecided, ...check(model, assignment), ...findings, ...lostIn(model, assignment)]);
  if (process.exitCode === undefined) console.log(`all ${paths.size} decisions hold`);
}

function explainMachine(model: PlacementModel, name: string): void {
  const explanation = explain(model, place(model).assignment, name);
  if ("matches" in explanation) {
    const { matches } = explanation;
    throw new Failure(
      matches.length === 0
        ? `no machine is named '${name}'; the machines are ${model.machines.map(({ path }) => path).join(", ") || "none"}`
        : `several machines are named '${name}'; use the path: ${matches.join(", ")}`,
    );
  }
  console.log(explanationText(explanation));
}

/** The decisions as they are, and the hosts that the app states. */
function currentOf({ machines }: PlacementModel): Assignment {
  return new Map(
    machines.flatMap(({ path, fleet, candidates, current }) => {
      const host = fleet === undefined ? candidates[0] : current;
      return host === undefined ? [] : [[path, host] as const];
    }),
  );
}

function report(findings: readonly Finding[]): void {
  for (const finding of findings) {
    console.error(`kvm-fleet: ${findingText(finding)}`);
    process.exitCode = exitCodes.failed;
  }
}
