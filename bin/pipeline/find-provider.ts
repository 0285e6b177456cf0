import { InstalledProvider } from "./installed-provider";
import { PackagedProvider } from "./packaged-provider";
import type { Provider } from "./provider";

/** Finds a provider: the one of the npm package, or else one that is installed in the user's plugin folder. */
export function findProvider(source: string, version: string): Provider | undefined {
  return PackagedProvider.find(source, version) ?? InstalledProvider.find(source, version);
}
