import { dirname, delimiter } from "node:path";
import { type EngineGroup, type Engines, ensureEngines } from "../engines/bootstrap";

const SYSTEM_FOLDERS = ["/usr/local/bin", "/usr/bin", "/bin"];
const found = new Map<EngineGroup, Promise<Engines>>();

/** The folders of one engine group, looked for once in a process; undefined when this machine cannot have it. */
export async function engineFolders(group: EngineGroup): Promise<readonly string[] | undefined> {
  const engines = found.get(group) ?? ensureEngines([group], { report: () => undefined });
  found.set(group, engines);
  return (await engines)[group];
}

/** The folder of the npm package `@pulumi/pulumi`, which holds the script that starts dynamic resources. */
export const dynamicProviderFolder = dirname(require.resolve("@pulumi/pulumi/package.json"));

/** A PATH with these folders first, then this very Node and the system's own programs. */
export function pathWith(folders: readonly string[]): string {
  return [...folders, dirname(process.execPath), ...SYSTEM_FOLDERS].join(delimiter);
}

/** All that a child needs and nothing of ours: no credential of the developer may reach a test. */
export function bareEnvironment(home: string, folders: readonly string[] = []): Record<string, string> {
  return {
    PATH: pathWith(folders),
    HOME: home,
    TMPDIR: home,
    XDG_CACHE_HOME: `${home}/.cache`,
    LC_ALL: "C.UTF-8",
  };
}
