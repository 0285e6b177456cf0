import { join } from "node:path";
import type { FleetReview } from "../../../bin/review/fleet-review";
import { gitlabReport } from "../../../bin/review/gitlab";
import { hostLoads } from "../../../bin/review/host-load";
import { MARK, markdown } from "../../../bin/review/markdown";
import type { Values } from "../../../bin/review/plan-json";
import { reviewOf } from "../../../bin/review/review";
import { summary } from "../../../bin/review/summary";
import type { RoutedFlow } from "../../../separation/policy/analysis";
import { expectGolden } from "../../golden";
import { change, sampleFacts, samplePlan, sampleStack } from "./plan";

const flow = (name: string): RoutedFlow => ({ from: "web", to: "db", flow: name, rule: "web-to-db", route: ["gate"] });
const review: FleetReview = {
  stacks: [reviewOf(sampleStack, samplePlan)],
  hosts: hostLoads([samplePlan], sampleFacts),
  paths: {
    opened: [{ from: "dmz", to: "internal", flow: flow("tcp 5432") }],
    closed: [{ from: "dmz", to: "internal", flow: flow("tcp 3306") }],
    rerouted: [],
  },
};
const diff = {
  stack: "shop",
  text: '  # libvirt_domain.web-1 will be updated in-place\n  ~ host = "alpha" -> "beta"\n',
};

describe("summary", () => {
  test("has a table and a part for each kind of finding", () => {
    expect(summary(review).split("\n")).toEqual([
      "STACK  ADD  CHANGE  DESTROY  REPLACE  MOVE  RESTART",
      "shop   1    4       1        1        1     1",
      "",
      "Interrupted:",
      "  front/web-2 (stacks/front.ts:11) on alpha restarts: cpu.mode, memory",
      "  libvirt_domain.old on alpha is shut down and destroyed",
      "",
      "Destroyed or replaced:",
      "  data (libvirt_volume on alpha, stacks/shop.ts:7) is replaced, with its content (10 GiB)",
      "  libvirt_domain.old (libvirt_domain on alpha) is destroyed",
      "",
      "Paths between zones:",
      "  opened: dmz > internal: web to db, tcp 5432; by gate",
      "  closed: dmz > internal: web to db, tcp 3306; by gate",
      "",
      "Moved:",
      "  front/web-1 (stacks/front.ts:10) migrates live from alpha to beta",
      "",
      "What runs on a host:",
      "  alpha: machines 5 -> 3, memory 5 GiB -> 4 GiB of 16 GiB, virtual CPUs 10 -> 6 on 16 CPUs",
      "  beta: machines 0 -> 1, memory 0 B -> 1 GiB of 16 GiB, virtual CPUs 0 -> 2 on 16 CPUs",
      "  1 other host: as before",
      "",
      "In effect after the next start:",
      "  front/web-3 (stacks/front.ts:12) on alpha: machine",
      "",
      "Found otherwise than the state said:",
      "  front/web-4 (stacks/front.ts:13)",
    ]);
  });
});

describe("markdown", () => {
  test("is the comment of the sample pull request", () => {
    expectGolden(join(__dirname, "golden", "comment.md"), markdown(review, [diff]));
  });

  test("is the same for the same plan, and can be found by its first line", () => {
    expect(markdown(review, [diff])).toBe(markdown(review, [diff]));
    expect(markdown(review, [diff]).split("\n")[0]).toBe(MARK);
  });

  test.each([65_536, 3_000, 1_200])("is not longer than %d characters, and says what is cut", (limit) => {
    const long = { stack: "shop", text: "  ~ a line of the plan\n".repeat(100_000) };
    const text = markdown(review, [long, { ...long, stack: "other" }], limit);

    expect(text.length).toBeLessThanOrEqual(limit);
    if (limit > 2_000) expect(text).toMatch(/\.\.\. \d+ more lines; run 'kvm-fleet plan shop'/);
  });

  test("cuts a long list of objects, and says how many are left out", () => {
    const many = reviewOf(sampleStack, {
      resource_changes: Array.from({ length: 500 }, (_, i) =>
        change(`libvirt_volume.v${String(i)}`, ["delete"], { capacity: 2 ** 30 }, null),
      ),
    });

    expect(markdown({ stacks: [many] }, [])).toContain("- and 450 more");
  });

  test("shows a name as it is written", () => {
    const odd = reviewOf(sampleStack, { resource_changes: [change("libvirt_pool.a_b|<c>", ["delete"], {}, null)] });

    expect(markdown({ stacks: [odd] }, [])).toContain("- libvirt\\_pool.a\\_b\\|\\<c\\> (libvirt\\_pool) is destroyed");
  });
});

test("GitLab's report counts a replacement as a create and a delete", () => {
  expect(gitlabReport(review.stacks)).toEqual({ create: 2, update: 4, delete: 2 });
});

test("no value of an attribute is in what is written", () => {
  const secret: Values = Object.assign({ name: "n" }, { value: "sesame" });
  const plan = { resource_changes: [change("libvirt_secret.s", ["update"], secret, secret)] };
  const text = JSON.stringify(reviewOf(sampleStack, plan)) + markdown({ stacks: [reviewOf(sampleStack, plan)] }, []);

  expect(text).not.toContain("sesame");
});
