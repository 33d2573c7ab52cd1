import type { Edge } from "./graph";

/** The hosts: each knows the app and the list of resolvers, and no other host. */
export const HOSTS = ["dynamic", "pulumi", "terraform", "cli"] as const;

/** Where an edge starts or ends: one side of the rules. */
type Layer = "core" | "resolvers" | "platform" | "app" | (typeof HOSTS)[number] | "emulator" | "sdk";

const FOLDERS: readonly [RegExp, Layer][] = [
  [/^provider\/core\//, "core"],
  [/^provider\/resolvers\//, "resolvers"],
  [/^provider\/platform\//, "platform"],
  [/^provider\/app\.ts$/, "app"],
  ...HOSTS.map((host): [RegExp, Layer] => [new RegExp(`^provider/${host}/`), host]),
  [/^emulator\//, "emulator"],
  [/^sdk\/nodejs\//, "sdk"],
];

const HOST_MAY = ["app", "core", "resolvers", "platform"] as const;

const MAY_IMPORT: Readonly<Record<Layer, readonly Layer[]>> = {
  core: [],
  resolvers: ["core"],
  platform: ["core"],
  app: ["core", "resolvers"],
  dynamic: HOST_MAY,
  pulumi: HOST_MAY,
  terraform: HOST_MAY,
  cli: HOST_MAY,
  emulator: ["core"],
  // The awaited and the Output form run in the program itself: with `dynamic` they are one host in two folders.
  sdk: ["dynamic", "app", "core", "resolvers"],
};

/** Who may use which npm package; one that is not here may be used by nobody. */
const PACKAGES: readonly [RegExp, readonly Layer[]][] = [
  [/^(got|import-meta-resolve|proxy-from-env)$/, ["platform"]],
  [/^jose$/, ["core", "emulator"]],
  [/^@pulumi\/pulumi$/, ["dynamic", "pulumi", "sdk"]],
  [/^(valibot|yaml)$/, ["resolvers", "platform"]],
  [/^commander$/, ["cli"]],
  [/^(@msgpack|@bufbuild)\//, ["terraform"]],
  [/^(@grpc\/grpc-js|google-protobuf)$/, ["pulumi"]],
];

/** Node's modules that do no I/O: all that the core, the resolvers and the app may use. */
const PURE_MODULES = ["node:crypto", "node:timers/promises", "node:util", "node:buffer", "node:path"];
const NO_IO: readonly Layer[] = ["core", "resolvers", "app"];

/** The layer of a file; undefined for what is outside the rules (packages, tests). */
export function layerOf(file: string): Layer | undefined {
  return FOLDERS.find(([folder]) => folder.test(file))?.[1];
}

/** What is wrong with these edges, one sentence for each wrong one. */
export function wrongEdges(edges: readonly Edge[]): readonly string[] {
  return edges.flatMap((edge) => {
    const problem = problemOf(edge);
    return problem === undefined ? [] : [`${edge.from} -> ${edge.to}: ${problem}`];
  });
}

function problemOf(edge: Edge): string | undefined {
  const from = layerOf(edge.from);
  if (from === undefined) return `${edge.from} lies in no layer`;
  if (edge.to.startsWith("node:")) return problemOfNode(from, edge.to);
  const to = layerOf(edge.to);
  if (to !== undefined) return to === from ? undefined : problemBetween(from, to, edge);
  if (/^[.\w-]+\/|^\.\./.test(edge.to)) return "it is no source of the package";
  const allowed = PACKAGES.find(([name]) => name.test(edge.to))?.[1] ?? [];
  return allowed.includes(from) ? undefined : `the package may not be used in ${from}`;
}

function problemOfNode(from: Layer, module: string): string | undefined {
  return NO_IO.includes(from) && !PURE_MODULES.includes(module) ? `${from} does no I/O` : undefined;
}

function problemBetween(from: Layer, to: Layer, edge: Edge): string | undefined {
  if (!MAY_IMPORT[from].includes(to)) return `${from} may not import ${to}`;
  if (from === "emulator" && !edge.typeOnly) return "the emulator may use types of the core alone";
  if (to === "platform" && !/\/(main[\w-]*|context)\.ts$/.test(edge.from))
    return "a host joins the platform in its main alone";
  if (to === "resolvers" && edge.to !== "provider/resolvers/index.ts")
    return "one resolver is known to the list of resolvers alone";
  return undefined;
}
