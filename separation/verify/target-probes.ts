import type { Model } from "../policy/model";
import type { Endpoint, ExpectedTraffic } from "./expected-traffic";
import type { ProbeRecorder } from "./probe-recorder";

/** Ports that hosts listen on and guests must not reach: ssh, DNS of another network, and libvirt. */
const hostPorts = [22, 53, 16_509];

/** Adds connections to all addresses of the host, on its networks and outside. */
export function addHostProbes(probes: ProbeRecorder, expected: ExpectedTraffic, from: Endpoint): void {
  const { network } = from.group;
  if (!network.filtered) return;
  const own = expected.family === 4 ? network.gateway : network.gateway6;
  const networks = expected.index.model.networks.filter(({ host }) => host === network.host);
  const onNetworks = networks.flatMap(({ gateway, gateway6 }) => (expected.family === 4 ? gateway : gateway6) ?? []);
  const others = (expected.index.hosts.get(network.host)?.addresses ?? []).filter(
    (address) => address.includes(":") === (expected.family === 6),
  );
  for (const target of new Set([...onNetworks, ...others])) {
    for (const port of hostPorts) {
      if (target === own && port === 53 && network.dns) continue;
      const what = `${target}, an address of its host, with tcp ${port}`;
      probes.flow({ what, expectation: "denied" }, from, { target, protocol: "tcp", port, hold: false });
    }
  }
}

/** Adds connections to an outside address, which are allowed or denied. */
export function addExternalProbes(
  probes: ProbeRecorder,
  model: Model,
  expected: ExpectedTraffic,
  from: Endpoint,
  target: string,
  isContinuous: boolean,
): void {
  const rules = model.rules.filter(({ to }) => to.kind === "outside");
  for (const port of new Set(rules.flatMap((rule) => (rule.protocol === "tcp" ? rule.ports.flat() : [])))) {
    const rule = rules.find((each) => expected.allowsExternal(from, each, { protocol: "tcp", port }, target));
    const what = `${target}, an outside address, with tcp ${port}`;
    const flow = { target, protocol: "tcp", port, hold: false } as const;
    const receiver = { what, toZone: "outside", flow: `tcp ${port}` };
    if (rule !== undefined) {
      probes.flow({ ...receiver, expectation: "answered", rule: rule.name }, from, flow);
    } else if (!isContinuous) {
      probes.flow({ ...receiver, expectation: "denied" }, from, flow);
    }
  }
}
