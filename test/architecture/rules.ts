import type { Edge } from "./graph";

/** The hosts: each knows the app and the list of resolvers, and no other host. */
export const HOSTS = ["dynamic", "pulumi", "terraform", "cli"] as const;

/** Which folders of the core each may import; `context.ts`, beside them, imports types alone. */
const CORE: Readonly<Record<string, readonly string[]>> = {
  words: [],
  options: ["words"],
  token: ["words", "options"],
  iam: ["words", "options", "token", "context"],
  chain: ["words", "options", "token", "iam", "context"],
  context: ["words", "options", "token"],
};

const HOST_MAY = ["app", "core", "handout", "resolvers", "platform"];

/** Where the files of each layer are, and which other layers they may import. */
const LAYERS: Readonly<Record<string, readonly [RegExp, readonly string[]]>> = {
  core: [/^provider\/core\//, []],
  resolvers: [/^provider\/resolvers\//, ["core"]],
  platform: [/^provider\/platform\//, ["core"]],
  app: [/^provider\/(?:generated\/)?[\w-]+\.ts$/, ["core", "resolvers"]],
  handout: [/^provider\/handout\//, ["app", "core", "resolvers"]],
  dynamic: [/^provider\/dynamic\//, HOST_MAY],
  pulumi: [/^provider\/pulumi\//, [...HOST_MAY, "grpc"]],
  terraform: [/^provider\/terraform\//, [...HOST_MAY, "grpc", "tls"]],
  cli: [/^provider\/cli\//, HOST_MAY],
  // What proves to a client on this machine that it reached the right process.
  tls: [/^provider\/tls\//, []],
  // What the plugins' protocols travel by.
  grpc: [/^provider\/grpc\//, []],
  // What is started: each program is one host, and the executable is any of them.
  bin: [/^provider\/bin\//, ["cli", "pulumi", "terraform"]],
  emulator: [/^emulator\//, ["core", "tls"]],
  // The awaited and the Output form run in the program itself: with `dynamic` they are one host in two folders.
  sdk: [/^sdk\/nodejs\//, ["dynamic", "app", "handout", "core", "resolvers", "platform"]],
};

/** Who may use which npm package; one that is not here may be used by nobody. */
const PACKAGES: readonly [RegExp, readonly string[]][] = [
  [/^(got|import-meta-resolve|proxy-from-env)$/, ["platform"]],
  [/^jose$/, ["core", "emulator"]],
  [/^@pulumi\/pulumi$/, ["dynamic", "sdk"]],
  [/^yaml$/, ["resolvers", "platform"]],
  [/^commander$/, ["cli"]],
  // By its own name the package finds the emulator.
  [/^yciam$/, ["cli"]],
  [/^@msgpack\//, ["terraform"]],
  [/^@bufbuild\//, ["pulumi", "terraform", "emulator"]],
  [/^@grpc\/grpc-js$/, ["emulator"]],
];

/** Node's modules that do no I/O: all that the core, the resolvers, the app and the forms of a token may use. */
const PURE_MODULES = ["node:crypto", "node:timers/promises", "node:util", "node:buffer", "node:path"];
const NO_IO = ["core", "resolvers", "app", "handout"];

/** The layer of a file; undefined for what is outside the rules (packages, tests). */
export function layerOf(file: string): string | undefined {
  return Object.entries(LAYERS).find(([, [folder]]) => folder.test(file))?.[0];
}

/** `words -> chain` for an edge between two folders of the core, `context` being one; undefined for any other edge. */
export function coreEdge({ from, to }: Edge): string | undefined {
  const [a, b] = [from, to].map((file) => /^provider\/core\/(\w+)/.exec(file)?.[1]);
  return a === undefined || b === undefined || a === b ? undefined : `${a} -> ${b}`;
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
  if (edge.to.startsWith("node:"))
    return NO_IO.includes(from) && !PURE_MODULES.includes(edge.to) ? `${from} does no I/O` : undefined;
  const to = layerOf(edge.to);
  if (to === from) return problemInCore(edge);
  if (to !== undefined) return problemBetween(from, to, edge);
  if (/^[.\w-]+\/|^\.\./.test(edge.to)) return "it is no source of the package";
  const allowed = PACKAGES.find(([name]) => name.test(edge.to))?.[1] ?? [];
  return allowed.includes(from) ? undefined : `the package may not be used in ${from}`;
}

function problemInCore(edge: Edge): string | undefined {
  const between = coreEdge(edge);
  if (between === undefined) return undefined;
  const [from = "", to = ""] = between.split(" -> ");
  const isAllowed = CORE[from]?.includes(to) === true && (from !== "context" || edge.typeOnly);
  return isAllowed ? undefined : `in the core ${from} may not import ${to}`;
}

function problemBetween(from: string, to: string, edge: Edge): string | undefined {
  if (!LAYERS[from]?.[1].includes(to)) return `${from} may not import ${to}`;
  if (from === "emulator" && to === "core" && !edge.typeOnly)
    return "the emulator may use types of the core alone";
  if (to === "platform" && !/\/(main[\w-]*|context)\.ts$/.test(edge.from))
    return "a host joins the platform in its main alone";
  if (to === "resolvers" && edge.to !== "provider/resolvers/index.ts")
    return "one resolver is known to the list of resolvers alone";
  return undefined;
}
