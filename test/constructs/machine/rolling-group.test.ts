import { RollingGroup, Size, VirtualMachine } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

describe("RollingGroup", () => {
  it("gives its name and limits to its machines", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const memory = Size.gibibytes(1);
    const web = new RollingGroup(stack, "web", { maxUnavailable: 2, minAvailable: 3 });
    const db = new RollingGroup(stack, "db", { groupName: "all-databases" });
    new VirtualMachine(stack, "web-1", { host, memory, rollingGroup: web });
    new VirtualMachine(stack, "db-1", { host, memory, rollingGroup: db });
    expect(attributesOf(stack, "libvirt_domain.web-1")?.rollout).toEqual({
      group: "lab-web",
      max_unavailable: 2,
      min_available: 3,
    });
    expect(attributesOf(stack, "libvirt_domain.db-1")?.rollout).toEqual({ group: "all-databases" });
  });

  it("refuses limits below 1, and a name that the provider does not accept", () => {
    const stack = newStack();
    new RollingGroup(stack, "web.group", { maxUnavailable: 0, minAvailable: 1.5 });
    expect(errorsOf(stack).join("\n")).toContain(
      "'groupName' must be letters, digits, '-' and '_', got 'lab-web.group'; set it, or correct the ids of the construct and its stack",
    );
    expect(errorsOf(stack).join("\n")).toMatch(/'maxUnavailable' must be .*, got 0/);
    expect(errorsOf(stack).join("\n")).toMatch(/'minAvailable' must be .*, got 1\.5/);
  });
});
