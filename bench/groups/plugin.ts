import { type Comparison, MEMORY, type Measure, MS, REQUESTS, type Sample, type Way } from "../comparison";
import { hostPulumi } from "../hosts/pulumi";
import { hostTerraform } from "../hosts/terraform";
import { forms, program, startOf } from "../ways";
import { type Env, inside, type World } from "../world";
import { GO_PLUGIN, withDisk } from "../names";

const MEASURES: readonly Measure[] = [
  { key: "handshake", label: "ms to handshake", better: "less" },
  { key: "schema", label: "to schema", better: "less" },
  { ...MS, label: "to first data" },
  MEMORY,
  REQUESTS,
];

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
  const ours = (named: (name: string) => string, more: Env): Way[] =>
    forms(world).map((form) =>
      program(named(form.name), form.argv(`${kind}-yciam`), (argv) =>
        counted(host("yciam")(argv, { ...world.env, ...more })),
      ),
    );
  const base = program(GO_PLUGIN, startOf(peer), (argv) => counted(host("peer")(argv, world.env)));
  return {
    base: GO_PLUGIN,
    measures: MEASURES,
    ways: [base, ...ours((name) => name, {}), ...ours(withDisk, disk)],
  };
}
