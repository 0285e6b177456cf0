import { join } from "node:path";
import type { SeparationReport } from "../../bin/separation/report";
import { expectGolden } from "../golden";
import { change, domain, samplePlan, update } from "./review/plan";

/** Asserts that a document is the one that the policies of docs/policies are tested with. */
function expectInput(name: string, document: object): void {
  expectGolden(
    join(__dirname, "..", "policies", "input", `${name}.json`),
    `${JSON.stringify(document, undefined, 2)}\n`,
  );
}

describe("the documents that policies are tested with", () => {
  test("are plans", () => {
    const unknown = update("web-5", {}, {}, { effect: true });
    expectInput("plan", { ...samplePlan, resource_changes: [...(samplePlan.resource_changes ?? []), unknown] });

    const restarted = domain("web-6", { effect: { action: "restart", causes: ["machine"] } });
    expectInput("plan-without-changes", {
      resource_changes: [change("libvirt_domain.web-6", ["no-op"], restarted, restarted)],
    });
  });

  test("are reports of the separation", () => {
    const flow = { rule: "", from: "office", to: "plant", flow: "tcp 443", route: ["gate"] };
    const report: Pick<SeparationReport, "difference"> = {
      difference: {
        opened: [
          { from: "office", to: "plant", flow },
          { from: "plant", to: "plant", flow: { ...flow, from: "plant" } },
        ],
        closed: [{ from: "plant", to: "office", flow: { ...flow, from: "plant", to: "office" } }],
        rerouted: [],
      },
    };
    expectInput("separation", report);
  });
});
