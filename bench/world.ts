import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bareEnvironment } from "../test/support/engine-env";
import { ok, runCommand } from "../test/support/run-command";
import type { Sample } from "./comparison";
import { type Iam, startIam } from "./iam/start";
import { type Had, installPeers, type Peers } from "./peers/install";

/** Variables of a program. */
export type Env = Readonly<Record<string, string>>;

/** How a program is run. */
export interface RunOptions {
  readonly env?: Env;
  readonly cwd?: string;
}

/** What all comparisons share: IAM, programs to compare, and how a program is measured. */
export interface World {
  readonly iam: Iam;
  readonly peers: Peers;
  /** The environment of every program: where IAM is and the key; no cache unless it is asked for. */
  readonly env: Env;
  /** A new empty folder, which is removed at the end. */
  readonly folder: (name: string) => string;
  /** Runs a program to its end: time, processor time, memory and requests. */
  readonly measure: (argv: readonly string[], options?: RunOptions) => Promise<Sample & { ms: number }>;
  /** Runs a program that prints a number, and gives that too. */
  readonly printed: (argv: readonly string[], key: string, options?: RunOptions) => Promise<Sample>;
  /** What is to be done at the end. */
  readonly whenClosed: (work: () => void) => void;
  readonly close: () => void;
}

/** Sets it up. An Error when nothing could be measured. */
export async function openWorld(): Promise<World> {
  const peers = await installPeers();
  if ("missing" in peers.go)
    throw new Error(`Programs are measured by one that Go builds: ${peers.go.missing}`);
  const launch = join(peers.go.path, "launch");
  const root = mkdtempSync(join(tmpdir(), "yciam-bench-"));
  const iam = await startIam();
  const env = environment(root, iam, peers);
  const cost = join(root, "cost.json");
  const atEnd: (() => void)[] = [];
  const run = async (argv: readonly string[], options: RunOptions = {}) => {
    await iam.takeCount();
    const whole = { ...options, env: { ...env, ...options.env } };
    const { stdout } = ok(await runCommand([launch, cost, ...argv], whole));
    const costs = JSON.parse(readFileSync(cost, "utf8")) as Sample & { ms: number };
    return { stdout, sample: { ...costs, requests: await iam.takeCount() } };
  };
  const close = () => {
    process.off("exit", close);
    atEnd.forEach((work) => work());
    iam.close();
    rmSync(root, { recursive: true, force: true });
  };
  process.on("exit", close);
  return {
    iam,
    peers,
    env,
    folder: (name) => mkdtempSync(join(root, `${name}-`)),
    measure: async (argv, options) => (await run(argv, options)).sample,
    printed: async (argv, key, options) => {
      const { stdout, sample } = await run(argv, options);
      return { ...sample, [key]: Number(stdout) };
    },
    whenClosed: (work) => void atEnd.push(work),
    close,
  };
}

function environment(root: string, iam: Iam, { nodeSdk }: Peers): Env {
  const [home, key, authority] = [join(root, "home"), join(root, "key.json"), join(root, "authority.pem")];
  mkdirSync(home);
  writeFileSync(key, iam.key, { mode: 0o600 });
  writeFileSync(authority, iam.certificate);
  return {
    ...bareEnvironment(home),
    YC_SERVICE_ACCOUNT_KEY_FILE: key,
    YCIAM_IAM_ENDPOINT: iam.url,
    YC_METADATA_ADDR: "127.0.0.1:1",
    YCIAM_CACHE: "none",
    NODE_EXTRA_CA_CERTS: authority,
    SSL_CERT_FILE: authority,
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: authority,
    BENCH_GRPC: iam.grpc,
    ...("path" in nodeSdk && { BENCH_NODE_SDK: nodeSdk.path }),
  };
}

/** A program in a folder that may be missing. */
export function inside(had: Had, file: string): Had {
  return "path" in had ? { path: join(had.path, file) } : had;
}
