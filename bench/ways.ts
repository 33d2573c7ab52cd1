import { copyFileSync, existsSync, linkSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Sample, Way } from "./comparison";
import type { Had } from "./peers/install";
import { EXECUTABLE as EXECUTABLE_FILE } from "../scripts/built.mjs";
import { inside, type World } from "./world";
import { OWN_NODE, NEWER_NODE, EXECUTABLE, npmName } from "./names";

const ROOT = join(__dirname, "..");
const NODE_PROGRAMS = join(__dirname, "peers/node");

/** A program by the name it is called by, such as `yciam`: how it is started, or why it cannot be. */
export type Form = { readonly name: string; readonly argv: (program: string) => readonly string[] | string };

/** A Node to run programs with. */
export interface Runtime {
  readonly name: string;
  readonly node: Had;
}

/** Both, or the one where they are the same. */
export function runtimes({ peers }: World): readonly [own: Runtime, ...newer: Runtime[]] {
  const newer = { name: NEWER_NODE, node: inside(peers.node24, "node") };
  return [{ name: OWN_NODE, node: { path: process.execPath } }, ...(OWN_NODE === NEWER_NODE ? [] : [newer])];
}

/** What we ship: one executable, and the npm package on each Node. */
export function forms(world: World): readonly Form[] {
  return [{ name: EXECUTABLE, argv: executableAs(world) }, ...runtimes(world).map(npmForm)];
}

/** The executable does what the name says by which it is called: each name is a link to it. */
function executableAs(world: World): Form["argv"] {
  const folder = world.folder("executable");
  return (program) => {
    if (!existsSync(EXECUTABLE_FILE)) return "not built: `npm run build` makes build/yciam";
    const link = join(folder, program);
    if (!existsSync(link)) place(link);
    return [link];
  };
}

function place(link: string): void {
  try {
    linkSync(EXECUTABLE_FILE, link);
  } catch {
    // Another file system.
    copyFileSync(EXECUTABLE_FILE, link);
  }
}

function npmForm({ name, node }: Runtime): Form {
  const { bin } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    bin: Record<string, string>;
  };
  const argv = (program: string) => {
    const file = join(ROOT, bin[program] ?? "");
    if ("missing" in node) return node.missing;
    return existsSync(file) ? [node.path, file] : "not built: `npm run build` makes dist/";
  };
  return { name: npmName(name), argv };
}

/** A way that starts a program which may be missing. */
export function program(
  name: string,
  argv: readonly string[] | string,
  run: (argv: readonly string[]) => Promise<Sample>,
): Way {
  return typeof argv === "string" ? { name, missing: argv } : { name, run: () => run(argv) };
}

/** How one of the programs of a peer's folder is started. */
export function startOf(had: Had, ...args: readonly string[]): readonly string[] | string {
  return "path" in had ? [had.path, ...args] : had.missing;
}

/** How one of the Node programs beside this file is started. */
export function nodeProgram(node: Had, file: string, ...args: readonly string[]): readonly string[] | string {
  return startOf(node, join(NODE_PROGRAMS, file), ...args);
}
