import { type Comparison, MEMORY, type Measure, MS, REQUESTS, type Sample, type Way } from "../comparison";
import { hostPulumi } from "../hosts/pulumi";
import { hostTerraform } from "../hosts/terraform";
import { forms, program, startOf } from "../ways";
import { type Env, inside, type World } from "../world";

const MEASURES: readonly Measure[] = [
  { key: "handshake", label: "ms to handshake", better: "less" },
  { key: "schema", label: "to schema", better: "less" },
  { ...MS, label: "to first data" },
  MEMORY,
  REQUESTS,
];

/** The name of the plugins in Go that ours are compared with. */
export const GO_PLUGIN = "a Go plugin of the same shape";

type Host = (argv: readonly string[], env: Env) => Promise<Sample>;

/** From the start of a plugin to what it gives its host first. */
export function plugins(world: World): Comparison[] {
  const terraform = plugin(
    world,
    "terraform-provider",
    (name) => (argv, env) => hostTerraform(argv, env, `${name}_token`),
  );
  const pulumi = plugin(world, "pulumi-resource", (name) => (argv, env) => hostPulumi(argv, env, name));
  const title = "plugin from its start: handshake, schema, first data read";
  return [
    { ...terraform, id: "terraform-plugin", title: `A Terraform ${title}` },
    { ...pulumi, id: "pulumi-plugin", title: `A Pulumi ${title}` },
  ];
}

function plugin(world: World, kind: string, host: (name: string) => Host): Omit<Comparison, "id" | "title"> {
  const counted = async (work: Promise<Sample>): Promise<Sample> => {
    const sample = await work;
    return { ...sample, requests: await world.iam.takeCount() };
  };
  const peer = inside(world.peers.go, `${kind}-peer`);
  const disk = { YCIAM_CACHE: "disk", XDG_CACHE_HOME: world.folder("cache") };
  const ours = (suffix: string, more: Env): Way[] =>
    forms(world).map((form) =>
      program(`${form.name}${suffix}`, form.argv(`${kind}-yciam`), (argv) =>
        counted(host("yciam")(argv, { ...world.env, ...more })),
      ),
    );
  const base = program(GO_PLUGIN, startOf(peer), (argv) => counted(host("peer")(argv, world.env)));
  return {
    base: GO_PLUGIN,
    measures: MEASURES,
    ways: [base, ...ours("", {}), ...ours(", disk cache", disk)],
  };
}
