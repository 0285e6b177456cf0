import { findSourceMap } from "node:module";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { MetadataOptions, Node } from "constructs";
import { CHECKOUT } from "../../lab/paths";

/** The variable that tells an app to note in its stacks where its constructs are created. */
const variable = "KVM_FLEET_SOURCE_LINES";

/** How many calls may be between the line of the app and the resource that it leads to. */
const DEPTH = 100;

/** The folders of this checkout that an app calls. An npm package is in a folder 'node_modules'. */
const OWN_FOLDERS = ["bin", "constructs", "gen"].map((name) => join(CHECKOUT, name, sep));

/** The method of a construct's node that cdktf calls for each resource when it is created. */
interface NodeMethods {
  addMetadata: (this: Node, type: string, data: unknown, options?: MetadataOptions) => void;
}

/** Has the apps that this process runs from now on note where their constructs are created. */
export function askForSourceLines(): void {
  process.env[variable] = "1";
}

/**
 * Notes for each resource of the app the line of the app's own code that creates it, if the command line has asked for that.
 *
 * The line is where cdktf keeps a stack trace: in the metadata of the resource, as the only entry. Without the question, nothing is
 * loaded and nothing is recorded. Otherwise V8's records of the calls are read, and no stack trace is rendered.
 *
 * @param entry the app's file
 */
export function noteSourceLines(entry: string): void {
  if (process.env[variable] === undefined) return;
  // The library that the app uses.
  const library = require.resolve("constructs", { paths: [dirname(resolve(entry)), __dirname] });
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- nothing is loaded without the question
  const { Node: node } = require(library) as { readonly Node: { readonly prototype: NodeMethods } };
  const { addMetadata: add } = node.prototype;
  node.prototype.addMetadata = function (type, data, options) {
    const line = type === "stacktrace" ? lineOf(callSites()) : undefined;
    add.call(this, type, data, line === undefined ? options : { ...options, stackTraceOverride: [line] });
  };
}

/** The calls that led here, the last one first. */
function callSites(): readonly NodeJS.CallSite[] {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is only put back
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = DEPTH;
    Error.prepareStackTrace = (_, sites) => sites;
    Error.captureStackTrace(holder, callSites);
    return holder.stack as readonly NodeJS.CallSite[];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

/** The last line of the app's own code among calls. Undefined for what the synthesis adds: the app has no line for it. */
function lineOf(sites: readonly NodeJS.CallSite[]): string | undefined {
  for (const site of sites) {
    const file = fileOf(site);
    if (file === undefined) continue;
    if (!isForeign(file)) return lineIn(file, site);
    if (site.getMethodName() === "synth") return undefined;
  }
  return undefined;
}

/** The file of a call. Undefined for what is no file, such as the modules of Node.js. */
function fileOf(site: NodeJS.CallSite): string | undefined {
  const name = site.getFileName() ?? "";
  const path = name.startsWith("file:") ? fileURLToPath(name) : name;
  return isAbsolute(path) ? path : undefined;
}

function isForeign(file: string): boolean {
  return file.includes(`${sep}node_modules${sep}`) || OWN_FOLDERS.some((folder) => file.startsWith(folder));
}

/** The file and the line as they were written. Compiled code has a source map. */
function lineIn(file: string, site: NodeJS.CallSite): string {
  const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
  const entry = findSourceMap(site.getFileName() ?? file)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !("originalLine" in entry)) return at(file, line);
  const { originalSource: source, originalLine } = entry;
  return at(source.startsWith("file:") ? fileURLToPath(source) : resolve(dirname(file), source), originalLine + 1);
}

function at(file: string, line: number): string {
  return `${relative(process.cwd(), file)}:${line}`;
}
