import type { Attributes } from "../pipeline/adoptable";
import { flag, group, text } from "./attributes";
import type { Value } from "./code";

/** How the code makes a construct. */
export interface Definition {
  /** What makes it: `new StoragePool`. */
  readonly maker: string;
  readonly props: Readonly<Record<string, Value | undefined>>;
}

/** The construct for a pool; undefined for a type that is not written yet. */
export function poolDefinition(config: Attributes): Definition | undefined {
  const path = text(config, "path");
  const autostart = flag(config, "autostart");
  switch (text(config, "type")) {
    case undefined:
      return { maker: "new StoragePool", props: { path, autostart } };
    case "netfs": {
      const { host, dir, format } = group(config, "source");
      return typeof host === "string" && typeof dir === "string" && format !== "glusterfs"
        ? { maker: "StoragePool.nfs", props: { server: host, directory: dir, path, autostart } }
        : undefined;
    }
    default:
      return undefined;
  }
}
