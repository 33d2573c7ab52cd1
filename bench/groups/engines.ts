import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { engineFolders } from "../../test/support/engine-env";
import { type Cli, CliProject } from "../../test/terraform/support/cli-project";
import type { Sample, Way } from "../comparison";
import { type Form, forms } from "../ways";
import { type Env, inside, type World } from "../world";
import { GO_PLUGIN } from "../names";

/** A provider as a CLI finds it: its source, its data source, and the folder of its program or why there is none. */
export interface Provider {
  readonly name: string;
  readonly source: "yciam/yciam" | "bench/peer";
  readonly folder: { readonly path: string } | { readonly missing: string };
}

/** The Go plugin, and each form of ours. */
export function providers(world: World): readonly Provider[] {
  const peer = inside(world.peers.go, "");
  const ours = forms(world).map(({ name, argv }) => {
    const folder = folderOf(world, argv("terraform-provider-yciam"), "terraform-provider-yciam");
    return { name, source: "yciam/yciam", folder } as const;
  });
  return [{ name: GO_PLUGIN, source: "bench/peer", folder: peer }, ...ours];
}

/** A folder with a program of this name, whatever it takes to start it. */
export function folderOf(
  world: World,
  argv: ReturnType<Form["argv"]>,
  name: string,
): { path: string } | { missing: string } {
  if (typeof argv === "string") return { missing: argv };
  if (argv.length === 1) return { path: dirname(argv[0] ?? "") };
  const folder = world.folder(name);
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\nexec ${argv.map((part) => `'${part}'`).join(" ")} "$@"\n`);
  chmodSync(file, 0o755);
  return { path: folder };
}

/** Runs a CLI on one configuration, each time as if it were the first. */
export interface CliRuns {
  readonly run: (args: readonly string[], env?: Env) => Promise<Sample>;
}

/** @param main the configuration; it needs no `init` */
export async function openCli(world: World, cli: Cli, main: string, provider?: Provider): Promise<CliRuns> {
  const folder = provider?.folder;
  const path = folder !== undefined && "path" in folder ? folder.path : "";
  const overrides = provider ? `dev_overrides {\n"${provider.source}" = ${JSON.stringify(path)}\n}` : "";
  const found = (await engineFolders(cli)) ?? [];
  const project = new CliProject(cli, found, world.folder(cli), `${overrides}\ndirect {}`).configure(main);
  return {
    run: async (args, env = {}) => {
      rmSync(join(project.folder, "terraform.tfstate"), { force: true });
      const whole = { env: { ...world.env, ...project.env(), ...env }, cwd: project.folder };
      return world.measure([cli, ...args, "-no-color", "-input=false"], whole);
    },
  };
}

/** A configuration with so many tokens. */
export function tokens(provider: Provider, count: number): string {
  const type = `${provider.source.split("/")[1]}_token`;
  return `
terraform {
  required_providers {
    ${type.split("_")[0]} = { source = "${provider.source}" }
  }
}
data "${type}" "each" { count = ${count} }
output "ends" { value = data.${type}.each[*].expires_at }
`;
}

/** A way that runs the CLI with a provider; it is missing where that is. */
export function withProvider(name: string, { folder }: Provider, run: () => Promise<Sample>): Way {
  return "missing" in folder ? { name, ...folder } : { name, run };
}
