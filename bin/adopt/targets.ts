import { Failure } from "../failure";
import { initialHosts } from "../init/hosts";
import type { HostAddresses } from "../pipeline/provider-command";

/**
 * The hosts that a user names, by URI or by the name that a host has in the app.
 *
 * @throws Failure if the app has no host of a name
 */
export function hostsNamed(named: readonly string[], known: HostAddresses): HostAddresses {
  const hosts: Record<string, { readonly uri: string }> = {};
  for (const it of named) {
    const own = known[it];
    if (own === undefined && !it.includes("://")) {
      const names = Object.keys(known).join(", ") || "none";
      throw new Failure(
        `the app has no host '${it}', but ${names}; give the URI of the host, such as qemu+ssh://root@${it}/system`,
      );
    }
    const sameUri = Object.entries(known).find(([, { uri }]) => uri === it);
    const [host] = initialHosts([it.includes("://") ? it : "qemu:///system"]).hosts;
    let name = own !== undefined ? it : (sameUri?.[0] ?? host?.name ?? it);
    if (own === undefined && sameUri === undefined) {
      for (let number = 2; name in hosts || name in known; number++) name = `${host?.name ?? it}-${number}`;
    }
    hosts[name] = own ?? { uri: it };
  }
  return hosts;
}

/** Whether a name matches one of some patterns, in which `*` stands for any text. */
export function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(name);
  });
}
