import type { InventoryDomain, InventoryHost } from "../../bin/pipeline/inventory";
import type { DeclaredMachine } from "../../bin/pipeline/machines";
import { sshArguments } from "../../bin/pipeline/ssh-login";

const machine: DeclaredMachine = { path: "shop/web", domain: "web-1", resource: { name: "web-1", host: "alpha" } };

const guest: InventoryDomain = {
  name: "web-1",
  uuid: "",
  state: "running",
  vcpu: 1,
  memory: 1,
  addresses: ["127.0.0.1", "fe80::1", "fd00::5", "10.0.0.5"],
};

const host = (uri: string, ...domains: readonly InventoryDomain[]): InventoryHost => ({
  name: "alpha",
  uri,
  error: "",
  domains,
});

const login = (uri: string, command: readonly string[] = [], user?: string): readonly string[] =>
  sshArguments(machine, [host(uri, guest)], { login: user, command });

describe("sshArguments", () => {
  test("names the guest's address, and the construct for its host key", () => {
    expect(login("qemu:///system", ["ls", "-l"], "admin")).toEqual([
      "-o",
      "HostKeyAlias=shop/web",
      "-l",
      "admin",
      "10.0.0.5",
      "ls",
      "-l",
    ]);
  });

  test("goes through a host that is reached by ssh", () => {
    expect(login("qemu+ssh://root@alpha.example.org:2222/system").slice(0, 2)).toEqual([
      "-J",
      "root@alpha.example.org:2222",
    ]);
    expect(login("qemu+ssh://[fd00::1]/system").slice(0, 2)).toEqual(["-J", "[fd00::1]"]);
    expect(login("qemu+tls://alpha.example.org/system")).not.toContain("-J");
  });

  test("gives a host the key and the known hosts of its URI", () => {
    const uri = "qemu+ssh://root@[fd00::1]:22/system?keyfile=/keys/my%20key&known_hosts=/etc/100%25";

    expect(login(uri).slice(0, 2)).toEqual([
      "-o",
      "ProxyCommand=ssh -i '/keys/my key' -o 'UserKnownHostsFile=/etc/100%%' -p 22 -W '[%h]:%p' root@fd00::1",
    ]);
  });

  test.each<[string, readonly InventoryHost[], string]>([
    [
      "a host that can't be reached",
      [{ ...host("qemu:///system"), error: "no route" }],
      "host alpha can't be reached: no route",
    ],
    ["a machine that is not there", [host("qemu:///system")], "alpha has no domain 'web-1'; deploy it first"],
    [
      "a machine that is off",
      [host("qemu:///system", { ...guest, state: "stopped" })],
      "shop/web is stopped on alpha; start it with 'kvm-fleet start shop/web'",
    ],
    [
      "a guest without an address",
      [host("qemu:///system", { ...guest, addresses: ["fe80::1"] })],
      "wait until it has booted, or look at it with 'kvm-fleet console shop/web'",
    ],
  ])("names %s", (_, hosts, problem) => {
    expect(() => sshArguments(machine, hosts, { command: [] })).toThrow(problem);
  });
});
