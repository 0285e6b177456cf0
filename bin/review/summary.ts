import type { Difference } from "../../separation";
import { type Section, sectionTexts, withLines } from "../section";
import { noPathChanges, pathChanges } from "../separation/report";
import { table } from "../table";
import type { FleetReview } from "./fleet-review";
import { type HostLoad, isOtherLoad, type Load } from "./host-load";
import { inBytes, type NamedObject, type StackReview } from "./review";

export const HEADING = ["stack", "add", "change", "destroy", "replace", "move", "restart"] as const;

/** Returns the rows of the table of stacks. */
export function rows(reviews: readonly StackReview[]): readonly (readonly string[])[] {
  return reviews.map(({ stack, counts }) => [
    stack,
    ...[counts.add, counts.change, counts.destroy, counts.replace, counts.move, counts.restart].map(String),
  ]);
}

/** Returns what reviewers should read, the most important first. Parts that would be empty are left out. */
export function sections({ stacks, hosts = [], paths }: FleetReview): readonly Section[] {
  const each = (of: (review: StackReview) => readonly string[]): readonly string[] => stacks.flatMap(of);
  const all: readonly Section[] = [
    { title: "Interrupted", lines: each((it) => it.interrupted.map(interruption)) },
    {
      title: "Destroyed or replaced",
      lines: each((it) =>
        it.destroyed.map(
          ({ object, source, type, host, replaced, data }) =>
            `${object} (${type}${host === "" ? "" : ` on ${host}`}${source === undefined ? "" : `, ${source}`}) is ${replaced ? "replaced" : "destroyed"}` +
            (data === undefined ? "" : `, with ${data}`),
        ),
      ),
    },
    { title: "Paths between zones", lines: paths === undefined ? [] : pathLines(paths) },
    {
      title: "Moved",
      lines: each((it) =>
        it.moved.map(
          ({ from, to, live, ...it }) => `${named(it)} ${live ? "migrates live" : "moves"} from ${from} to ${to}`,
        ),
      ),
    },
    { title: "What runs on a host", lines: hostLines(hosts) },
    {
      title: "In effect after the next start",
      lines: each((it) => it.waiting.map((each) => `${named(each)} on ${each.host}: ${each.causes.join(", ")}`)),
    },
    {
      title: "Found otherwise than the state said",
      lines: each((it) => it.drifted.map(named)),
    },
  ];
  return withLines(all);
}

/** Renders reviews for a terminal. */
export function summary(review: FleetReview): string {
  const head = table(
    HEADING.map((it) => it.toUpperCase()),
    rows(review.stacks),
  );
  return [head, ...sectionTexts(sections(review))].join("\n\n");
}

function pathLines(difference: Difference): readonly string[] {
  const lines = pathChanges(difference).map(({ kind, path }) => `${kind}: ${path}`);
  return lines.length > 0 ? lines : [noPathChanges];
}

/** A line for each host on which something else runs afterwards. The others are counted. */
function hostLines(hosts: readonly HostLoad[]): readonly string[] {
  const changed = hosts.filter(isOtherLoad);
  const others = hosts.length - changed.length;
  if (changed.length === 0) return [];
  return [
    ...changed.map(hostLine),
    ...(others > 0 ? [`${others} other ${others === 1 ? "host" : "hosts"}: as before`] : []),
  ];
}

function hostLine({ host, before, after, capacity }: HostLoad): string {
  const change = (of: (load: Load) => string): string =>
    of(before) === of(after) ? of(after) : `${of(before)} -> ${of(after)}`;
  return [
    `${host}: machines ${change(({ machines }) => String(machines))}`,
    `memory ${change(({ memory }) => inBytes(memory))}${capacity === undefined ? "" : ` of ${inBytes(capacity.memory)}`}`,
    `virtual CPUs ${change(({ vcpus }) => String(vcpus))}${capacity === undefined ? "" : ` on ${capacity.cpus} CPUs`}`,
  ].join(", ");
}

/** Names an object, and the line of the app that creates it. */
function named({ object, source }: NamedObject): string {
  return source === undefined ? object : `${object} (${source})`;
}

function interruption({ host, action, causes, ...it }: StackReview["interrupted"][number]): string {
  const object = named(it);
  const why = causes.length === 0 || action === "power-off" ? "" : `: ${causes.join(", ")}`;
  switch (action) {
    case "restart":
      return `${object} on ${host} restarts${why}`;
    case "power-off":
      return `${object} on ${host} is shut down or saved`;
    case "replace":
      return `${object} on ${host} is shut down and replaced`;
    case "destroy":
      return `${object} on ${host} is shut down and destroyed`;
    default:
      return `${object} on ${host} may restart: the plan cannot tell yet`;
  }
}
