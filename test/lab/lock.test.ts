import { withLabLock } from "../../lab/lock";

function lab(): string {
  return `test-${process.pid}`;
}

describe("the lock of a lab", () => {
  test("lets one caller work at a time and tells the others that they are waiting", async () => {
    const events: string[] = [];
    const work = (name: string) =>
      withLabLock(
        lab(),
        () => events.push("waiting"),
        async () => {
          events.push(`${name} begins`);
          await new Promise(setImmediate);
          events.push(`${name} ends`);
        },
      );
    await Promise.all([work("first"), work("second")]);
    expect(events.filter((event) => event === "waiting")).toHaveLength(1);
    const order = events.filter((event) => event !== "waiting").map((event) => event.split(" ")[1]);
    expect(order).toEqual(["begins", "ends", "begins", "ends"]);
  });

  test("is released after the work fails", async () => {
    const failing = withLabLock(lab(), jest.fn(), () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    await expect(withLabLock(lab(), jest.fn(), () => Promise.resolve("yes"))).resolves.toBe("yes");
  });
});
