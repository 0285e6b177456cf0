import type { SeparationReport } from "../../bin/separation/report";
import { svg } from "../../bin/separation/svg";
import type { RoutedFlow } from "../../separation";

function path(more: Partial<RoutedFlow> = {}): RoutedFlow {
  return { rule: "rule", from: "web", to: "db", flow: "tcp 443", route: ["network 'lan' on host 'alpha'"], ...more };
}

function report(cells: SeparationReport["cells"], more: Partial<SeparationReport> = {}): SeparationReport {
  const zones = [
    { name: "low", trust: 10 },
    { name: "high", trust: 90 },
    { name: "middle", trust: 50 },
  ].map((zone) => ({ ...zone, path: zone.name, internet: false, uplinks: [] }));
  const model = { zones, hosts: [], networks: [], machines: [], policies: [], rules: [], gateways: [] };
  return { cells, model, unfiltered: [], violations: [], ...more };
}

/** The texts from top to bottom, with their style classes. */
function textsIn(picture: string): string[] {
  return [...picture.matchAll(/<text [^>]*class="([^"]*)">([^<]*)</g)].map(
    ([, style = "", text = ""]) => `${text} (${style})`,
  );
}

describe("the picture of zones", () => {
  test("lists them by trust, and states that the rest is denied", () => {
    expect(textsIn(svg(report([])))).toEqual([
      "high (bold)",
      "trust 90, 0 networks, 0 machines (soft)",
      "middle (bold)",
      "trust 50, 0 networks, 0 machines (soft)",
      "low (bold)",
      "trust 10, 0 networks, 0 machines (soft)",
      "outside (bold)",
      "outside the hosts' networks (soft)",
      "Everything else is denied, between zones and within them, for IPv4 and IPv6. (bold)",
    ]);
  });

  test("names the ends, the gateway and the reason of a path", () => {
    const gateway = path({
      route: ["network 'lan' on host 'alpha'", "gateway 'gate', which forwards 'rule'"],
      reason: "orders & <more>",
    });
    const texts = textsIn(svg(report([{ from: "low", to: "high", flows: [gateway] }])));
    expect(texts.slice(-4, -1)).toEqual([
      "low &gt; high: tcp 443 (bold kept-fill)",
      "web to db by gateway gate (soft)",
      "because: orders &amp; &lt;more&gt; (soft)",
    ]);
  });

  test("lists in a zone's box what is allowed there, and counts paths beyond a limit", () => {
    const flows = Array.from({ length: 6 }, (_, index) => path({ flow: `tcp ${index}` }));
    const texts = textsIn(svg(report([{ from: "high", to: "high", flows }])));
    expect(texts.slice(2, 8)).toEqual([
      "within: tcp 0; tcp 1; tcp 2; tcp 3; tcp 4; tcp 5 (kept-fill)",
      "web to db, tcp 0 (soft)",
      "web to db, tcp 1 (soft)",
      "web to db, tcp 2 (soft)",
      "web to db, tcp 3 (soft)",
      "and 2 more (soft)",
    ]);
  });

  test("marks paths that a change opens and closes", () => {
    const [kept, opened, closed] = [path(), path({ flow: "tcp 22" }), path({ flow: "tcp 80" })];
    const ends = { from: "low", to: "high" };
    const difference = {
      opened: [{ ...ends, flow: opened }],
      closed: [{ ...ends, flow: closed }],
      rerouted: [],
    };
    const texts = textsIn(svg(report([{ ...ends, flows: [kept, opened] }], { difference })));
    expect(texts.filter((text) => text.endsWith("-fill)"))).toEqual([
      "low &gt; high: tcp 443 (bold kept-fill)",
      "low &gt; high: tcp 22 (bold opened-fill)",
      "low &gt; high: tcp 80 (bold closed-fill)",
      "as before (kept-fill)",
      "opened (opened-fill)",
      "closed (closed-fill)",
    ]);
  });

  test("draws longer arrows outside shorter ones, and overlaps no labels", () => {
    const cell = (from: string, to: string) => ({ from, to, flows: [path()] });
    const picture = svg(
      report([cell("low", "high"), cell("middle", "high"), cell("low", "middle"), cell("high", "low")]),
    );
    const lanes = [...picture.matchAll(/<path class="kept" d="M\d+ (\d+)H(\d+)V(\d+)/g)].map((found) =>
      found.slice(1).map(Number),
    );
    // The two short arrows share one lane.
    expect(lanes.map(([, lane]) => lane)).toEqual([366, 366, 382, 398]);
    const labels = [...picture.matchAll(/y="(\d+)" class="bold kept-fill"/g)].map(([, y]) => Number(y));
    expect(new Set(labels).size).toBe(4);
    const ports = lanes.flatMap(([start, , end]) => [start, end]);
    expect(new Set(ports).size).toBe(8);
  });

  test("states the number of violations", () => {
    const violations = [{ at: "app", message: "wrong" }];
    expect(textsIn(svg(report([], { violations }))).at(-1)).toBe(
      "1 violation of the policy, see the report. (bold closed-fill)",
    );
  });
});
