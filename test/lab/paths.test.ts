import { hostNames } from "../../lab/names";
import { LabPaths, parseNetns } from "../../lab/paths";

/** What a unix socket's path may be long, its closing zero included. */
const SOCKET_PATH_LIMIT = 108;

describe("LabPaths", () => {
  test("keeps the longest socket path within what the kernel takes", () => {
    const paths = new LabPaths("x".repeat(32));
    const lengths = hostNames(250).map((host) => paths.hostSocket(host).length);
    expect(Math.max(...lengths)).toBeLessThan(SOCKET_PATH_LIMIT);
  });

  test("names a network namespace so that its lab and host can be told again", () => {
    expect(parseNetns(new LabPaths("lab").netns("alpha"))).toEqual({ lab: "lab", host: "alpha" });
    expect(parseNetns(new LabPaths("lab-alpha").fabricNetns)).toEqual({ lab: "lab-alpha", host: "fabric" });
  });

  test.each(["docker0", "kf-lab", "kf--", "xkf-lab-alpha"])("takes the namespace '%s' for no lab's", (name) => {
    expect(parseNetns(name)).toBeUndefined();
  });
});
