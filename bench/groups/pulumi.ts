import { PulumiProject, type PulumiProjectOptions } from "../../test/support/pulumi";
import { type Comparison, CPU, MS, REQUESTS, type Sample, type Way } from "../comparison";
import { GO_PLUGIN, WITH_SDK, WITHOUT, withDisk } from "../names";
import { forms } from "../ways";
import { type Env, inside, type World } from "../world";
import { folderOf } from "./engines";

/** The two programs differ by less than two runs of the same one. */
const ROUNDS = 25;
const UP = ["pulumi", "up", "--yes", "--non-interactive", "--color=never"];
const MEASURES = [MS, CPU, REQUESTS];

const BARE_PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
export const header = pulumi.concat("Bearer ", pulumi.secret("t1.a.b"));
`;
const SDK_PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { getIamTokenOutput } from "yciam";
export const header = pulumi.concat("Bearer ", getIamTokenOutput().token);
`;

/** Whole runs of Pulumi: a TypeScript program with and without the SDK, and a YAML program with each plugin. */
export async function pulumi(world: World): Promise<Comparison[]> {
  return [
    {
      id: "pulumi-up",
      title: "Whole `pulumi up` of a TypeScript program",
      base: WITHOUT,
      rounds: ROUNDS,
      measures: MEASURES,
      ways: await withSdk(world),
    },
    {
      id: "pulumi-up-plugin",
      title: "Whole `pulumi up` of a YAML program, which calls a plugin",
      base: WITHOUT,
      measures: MEASURES,
      ways: await withPlugins(world),
    },
  ];
}

async function withSdk(world: World): Promise<Way[]> {
  const project = async (program: string) => open(world, { files: { "index.ts": program } });
  const bare = await project(BARE_PROGRAM);
  const sdk = await project(SDK_PROGRAM);
  const disk = { YCIAM_CACHE: "disk", XDG_CACHE_HOME: world.folder("cache") };
  return [
    { name: WITHOUT, run: () => bare({}) },
    { name: WITH_SDK, run: () => sdk({}) },
    { name: withDisk(WITH_SDK), run: () => sdk(disk) },
  ];
}

async function withPlugins(world: World): Promise<Way[]> {
  const bare = await open(world, { runtime: "yaml", pulumiYaml: { outputs: { token: "t1.a.b" } } });
  const peer = { name: GO_PLUGIN, plugin: "peer", folder: inside(world.peers.go, "") } as const;
  const ours = forms(world).map(({ name, argv }) => {
    const program = "pulumi-resource-yciam";
    return { name, plugin: "yciam", folder: folderOf(world, argv(program), program) } as const;
  });
  const way = async ({ name, plugin, folder }: (typeof ours)[number] | typeof peer): Promise<Way> => {
    if ("missing" in folder) return { name, ...folder };
    const run = await open(world, { runtime: "yaml", pulumiYaml: calling(plugin, folder.path) });
    return { name, run: () => run({}) };
  };
  return [{ name: WITHOUT, run: () => bare({}) }, ...(await Promise.all([peer, ...ours].map(way)))];
}

function calling(plugin: string, path: string): Record<string, unknown> {
  return {
    plugins: { providers: [{ name: plugin, path }] },
    variables: { iam: { "fn::invoke": { function: `${plugin}:getIamToken` } } },
    outputs: { token: "${iam.token}" },
  };
}

/** A project, and what brings it up once. */
async function open(world: World, options: PulumiProjectOptions): Promise<(env: Env) => Promise<Sample>> {
  const project = await PulumiProject.create(options);
  world.whenClosed(() => void project.cleanup());
  return (env) => world.measure(UP, { env: { ...world.env, ...project.env, ...env }, cwd: project.dir });
}
