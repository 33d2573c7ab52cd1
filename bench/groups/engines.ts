import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { engineFolders } from "../../test/support/engine-env";
import { ok } from "../../test/support/run-command";
import { goPlatform } from "../../test/terraform/support/built";
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
  const overrides = provider
    ? `dev_overrides {\n"${provider.source}" = ${JSON.stringify(pathOf(provider))}\n}`
    : "";
  return runsIn(world, await openProject(world, cli, `${overrides}\ndirect {}`, main));
}

/** The same with a provider that `init` installs: Terraform takes the digest of its program at each command. */
export async function openInstalled(
  world: World,
  cli: Cli,
  main: string,
  provider: Provider,
): Promise<CliRuns> {
  const { source } = provider;
  const folder = pathOf(provider);
  const name = `terraform-provider-${basename(source)}`;
  const program = readdirSync(folder).find((file) => file.startsWith(name)) ?? name;
  const mirror = world.folder("mirror");
  const place = join(mirror, "registry.terraform.io", source, "0.1.0", goPlatform());
  mkdirSync(place, { recursive: true });
  copyFileSync(join(folder, program), join(place, `${name}_v0.1.0`));
  const installation = `filesystem_mirror {\npath = ${JSON.stringify(mirror)}\n}`;
  const project = await openProject(world, cli, installation, main);
  ok(await project.run(["init"]));
  return runsIn(world, project);
}

function pathOf({ folder }: Provider): string {
  return "path" in folder ? folder.path : "";
}

async function openProject(world: World, cli: Cli, installation: string, main: string): Promise<CliProject> {
  const found = (await engineFolders(cli)) ?? [];
  return new CliProject(cli, found, world.folder(cli), installation).configure(main);
}

function runsIn(world: World, project: CliProject): CliRuns {
  return {
    run: async (args, env = {}) => {
      rmSync(join(project.folder, "terraform.tfstate"), { force: true });
      const whole = { env: { ...world.env, ...project.env(), ...env }, cwd: project.folder };
      return world.measure([project.cli, ...args, "-no-color", "-input=false"], whole);
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
