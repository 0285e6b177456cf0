import type { DomainDisksSourceHosts } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";

const mostPort = 65_535;

/** Parses `host` or `host:port`. An IPv6 address with a port is in brackets. */
export function parseServers(servers: readonly string[]): Record<string, DomainDisksSourceHosts> {
  return Object.fromEntries(servers.map(parseServer));
}

function parseServer(server: string): [string, DomainDisksSourceHosts] {
  if (Token.isUnresolved(server)) {
    return [server, {}];
  }
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+))(?::(\d+))?$/.exec(server) ?? [];
  const host = bracketed ?? plain ?? (/^[0-9a-fA-F:]+:[0-9a-fA-F:.]*$/.test(server) ? server : undefined);
  if (host === undefined || Number(port ?? 1) < 1 || Number(port ?? 1) > mostPort) {
    throw new Error(
      `a server must be a host, optionally with a port from 1 to ${mostPort}, got '${server}'; ` +
        "write it like '10.0.0.1' or 'ceph1:6789'",
    );
  }
  return [host, port === undefined ? {} : { port: Number(port) }];
}
