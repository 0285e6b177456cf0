import { hostNames } from "../../lab/names";
import { LabPaths, parseNetns } from "../../lab/paths";

/** The maximum length of a unix socket's path, including the final zero byte. */
const SOCKET_PATH_LIMIT = 108;

describe("LabPaths", () => {
  test("keeps the longest socket path within the kernel's limit", () => {
    const paths = new LabPaths("x".repeat(32));
    const lengths = hostNames(250).map((host) => paths.hostSocket(host).length);
    expect(Math.max(...lengths)).toBeLessThan(SOCKET_PATH_LIMIT);
  });

  test("names a network namespace so that its lab and host can be parsed", () => {
    expect(parseNetns(new LabPaths("lab").netns("alpha"))).toEqual({ lab: "lab", host: "alpha" });
    expect(parseNetns(new LabPaths("lab-alpha").fabricNetns)).toEqual({ lab: "lab-alpha", host: "fabric" });
  });

  test.each(["docker0", "kf-lab", "kf--", "xkf-lab-alpha"])("finds no lab in the name '%s'", (name) => {
    expect(parseNetns(name)).toBeUndefined();
  });
});
