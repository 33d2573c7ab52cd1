import { createHash } from "node:crypto";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engineDir, type EngineSet } from "../../test/engines/catalog";
import { buildWithGo } from "../../test/engines/go-build";
import { holds, installAtomically } from "../../test/engines/install";
import { which } from "../../test/engines/on-path";
import { type Setting, settingOf, whileAloneInCache } from "../../test/engines/setting";
import { ok, runCommand } from "../../test/support/run-command";
import { reasonOf } from "../comparison";

/** Where something is, or why it cannot be had on this machine. */
export type Had = { readonly path: string } | { readonly missing: string };

/** What yciam is compared with, by name; all of it is in the cache folder, outside the repository. */
export type Peers = Readonly<Record<keyof typeof RECIPES, Had>>;

const setting = settingOf({ modulesDir: __dirname });
const INSTALL_TIMEOUT_MS = 20 * 60_000;
const NODE_24 = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

/** Finds, or brings, each of them: the programs' own folder is what `path` says. */
const RECIPES = {
  /** What runs programs and measures them, and the peers of Go's own library. */
  go: () => built("go", "github.com/hashicorp/terraform-plugin-framework", GO_PROGRAMS),
  gosdk1: () => built("gosdk1", "github.com/yandex-cloud/go-sdk", ["gosdk1"]),
  gosdk2: () => built("gosdk2", "github.com/yandex-cloud/go-sdk/v2", ["gosdk2"]),
  nodeSdk: () => brought("node", readFileSync(join(__dirname, "node/package.json"), "utf8"), npm),
  node24: () => brought("node24", JSON.stringify({ dependencies: { [NODE_24]: "24" } }), npm),
  python: () => brought("python", readFileSync(join(__dirname, "python/requirements.txt"), "utf8"), pip),
};

const GO_PROGRAMS = ["launch", "nethttp", "terraform-provider-peer", "pulumi-resource-peer"];

/** Brings all of them; a line of progress for each one that takes time. */
export async function installPeers(): Promise<Peers> {
  const found: Partial<Record<keyof typeof RECIPES, Had>> = {};
  for (const name of Object.keys(RECIPES) as (keyof typeof RECIPES)[])
    found[name] = await RECIPES[name]().catch((error: unknown) => ({ missing: reasonOf(error) }));
  return found as Peers;
}

/** Programs of one Go module here. */
async function built(folder: string, pinned: string, programs: readonly string[]): Promise<Had> {
  if (which("go", setting.env) === undefined) return { missing: "no go on PATH" };
  const packages = programs.length > 1 ? programs.map((name) => `./${name}`) : ["."];
  const module = { folder, pinned, packages, sources: ["."], beside: [], ldflags: () => "-s -w" };
  const set: EngineSet = { name: "bench", programs, modules: [module], buildTime: "a minute or two" };
  const bin = join(engineDir(setting, set), "bin");
  if (!holds(bin, programs)) await whileAloneInCache(setting, () => buildWithGo(setting, set));
  return { path: bin };
}

type Fill = (folder: string, text: string) => Promise<void>;

/** Packages of a registry, named by a text that also decides when they are brought anew. */
async function brought(name: string, text: string, fill: Fill): Promise<Had> {
  const digest = createHash("sha256").update(`${process.platform}-${process.arch}\0${text}`).digest("hex");
  const path = join(setting.cacheDir, "bench", `${name}-${digest.slice(0, 20)}`);
  const install = () =>
    installAtomically(path, async (folder) => {
      await setting.during("bench", `bringing the packages of ${name}, once`, () => fill(folder, text));
      return folder;
    });
  if (!existsSync(path)) await whileAloneInCache(setting, install);
  return { path };
}

async function npm(folder: string, text: string): Promise<void> {
  writeFileSync(join(folder, "package.json"), text);
  await command(folder, ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=dev"]);
  const node = join("node_modules", NODE_24, "bin/node");
  if (existsSync(join(folder, node))) symlinkSync(node, join(folder, "node"));
}

async function pip(folder: string, text: string): Promise<void> {
  writeFileSync(join(folder, "requirements.txt"), text);
  await command(folder, ["python3", "-m", "venv", "."]);
  await command(folder, ["bin/python", "-m", "pip", "install", "--quiet", "-r", "requirements.txt"]);
}

async function command(cwd: string, argv: readonly string[]): Promise<void> {
  const env: Setting["env"] = { ...setting.env, PIP_DISABLE_PIP_VERSION_CHECK: "1" };
  ok(await runCommand(argv, { cwd, env, timeoutMs: INSTALL_TIMEOUT_MS }));
}
