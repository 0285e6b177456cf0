import type { Model, PortSpan, Rule } from "../policy/model";

/** A protocol that a probe can send, and the port if the protocol has ports. */
export interface Service {
  readonly protocol: "tcp" | "udp" | "icmp";
  /** 0 for a protocol without ports. */
  readonly port: number;
}

/** Reports whether a rule includes a service. */
export function covers({ protocol, ports }: Rule, service: Service): boolean {
  const isIn = ([first, last]: PortSpan) => first <= service.port && service.port <= last;
  return protocol === "any" || (protocol === service.protocol && (ports.length === 0 || ports.some(isIn)));
}

/**
 * The services that a rule is tried with: both ends of each range of ports. There are none for SCTP, which the probe cannot send.
 *
 * @param unnamed the services for a rule that allows every protocol
 */
export function servicesOf({ protocol, ports }: Rule, unnamed: readonly Service[]): readonly Service[] {
  switch (protocol) {
    case "sctp":
      return [];
    case "icmp":
      return [{ protocol, port: 0 }];
    case "any":
      return unnamed;
    default:
      return [...new Set(ports.flat())].map((port) => ({ protocol, port }));
  }
}

/** Ports that other programs are unlikely to answer on, such as echo and discard. */
const unlikelyPorts = [7, 9, 13, 19, 1023];

/** ICMP, and for TCP and UDP a port that no rule names, if there is one. */
export function unnamedServices({ rules }: Model): readonly Service[] {
  const ported = (["tcp", "udp"] as const).flatMap((protocol): Service[] => {
    const port = unlikelyPorts.find(
      (each) => !rules.some((rule) => rule.protocol === protocol && covers(rule, { protocol, port: each })),
    );
    return port === undefined ? [] : [{ protocol, port }];
  });
  return [...ported, { protocol: "icmp", port: 0 }];
}

/** The services of some rules, and services that no rule names. */
export function servicesToTry(model: Model, rules: readonly Rule[] = model.rules): readonly Service[] {
  const unnamed = unnamedServices(model);
  const all = [...rules.flatMap((rule) => servicesOf(rule, unnamed)), ...unnamed];
  return [...new Map(all.map((service) => [serviceText(service), service])).values()];
}

/** Formats a service for people: `tcp 443`, `icmp`. */
export function serviceText({ protocol, port }: Service): string {
  return port === 0 ? protocol : `${protocol} ${port}`;
}

/** Formats a service for people, with its family: `tcp 443 over IPv6`. */
export function familyServiceText(service: Service, family: 4 | 6): string {
  return family === 6 ? `${serviceText(service)} over IPv6` : serviceText(service);
}
