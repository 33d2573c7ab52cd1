import { type Comparison, CPU, MS, REQUESTS, type Way } from "../comparison";
import { engineFolders } from "../../test/support/engine-env";
import type { Cli } from "../../test/terraform/support/cli-project";
import type { Env, World } from "../world";
import { openCli, openInstalled, type Provider, providers, tokens } from "./engines";
import { ALONE, EXECUTABLE, GO_PLUGIN, installed, withDisk } from "../names";

const NO_PROVIDER = `output "ends" { value = "never" }\n`;

type Open = typeof openCli | typeof openInstalled;

const COMMANDS = [
  ["tofu", "plan"],
  ["tofu", "apply"],
  ["terraform", "apply"],
] as const;

/** Whole runs of the CLIs with one data source. */
export async function terraform(world: World): Promise<Comparison[]> {
  const all = providers(world);
  return Promise.all(COMMANDS.map(([cli, command]) => whole(world, cli, command, all)));
}

async function whole(
  world: World,
  cli: Cli,
  command: "plan" | "apply",
  all: readonly Provider[],
): Promise<Comparison> {
  const args = [command, ...(command === "apply" ? ["-auto-approve"] : [])];
  const missing = (await engineFolders(cli)) === undefined ? `no ${cli} on PATH` : undefined;
  const way = async (provider: Provider, name: string, open: Open, env: Env = {}): Promise<Way> => {
    const lacking = missing ?? ("missing" in provider.folder ? provider.folder.missing : undefined);
    if (lacking !== undefined) return { name, missing: lacking };
    const { run } = await open(world, cli, tokens(provider, 1), provider);
    return { name, run: () => run(args, env) };
  };
  const alone = await openCli(world, cli, NO_PROVIDER);
  const disk = { YCIAM_CACHE: "disk", XDG_CACHE_HOME: world.folder("cache") };
  const cached = all.filter(({ name }) => name !== GO_PLUGIN);
  const compiled =
    cli === "terraform" ? all.filter(({ name }) => [GO_PLUGIN, EXECUTABLE].includes(name)) : [];
  return {
    id: `${cli}-${command}`,
    title: `Whole \`${cli} ${command}\` with one data source; x is of the time less the CLI alone`,
    base: GO_PLUGIN,
    less: ALONE,
    measures: [MS, CPU, REQUESTS],
    ways: [
      missing === undefined ? { name: ALONE, run: () => alone.run(args) } : { name: ALONE, missing },
      ...(await Promise.all(all.map((provider) => way(provider, provider.name, openCli)))),
      ...(await Promise.all(cached.map((provider) => way(provider, withDisk(provider.name), openCli, disk)))),
      ...(await Promise.all(
        compiled.map((provider) => way(provider, installed(provider.name), openInstalled)),
      )),
    ],
  };
}
