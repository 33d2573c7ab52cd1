import { expect } from "chai";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { engineFolders } from "../support/engine-env";
import { GuideWorld } from "../guides/world";
import { type KubeApi, startKubeApi } from "../support/kube-api";
import { ok, runCommand } from "../support/run-command";

const HOUR_MS = 3_600_000;

/** A process that asks the API server through client-go, for as long as it is told to. */
class Client {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(cwd: string, env: Readonly<Record<string, string>>, ...allowed: string[]) {
    const options = { cwd, env, stdio: ["pipe", "pipe", "inherit"] } as const;
    this.#child = spawn("kubeclient", ["kubeconfig", ...allowed], {
      ...options,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** The status of the answer, or what went wrong. */
  async get(path = "/version"): Promise<string> {
    this.#child.stdin.write(`${path}\n`);
    return ((await this.#lines.next()) as IteratorYieldResult<string>).value;
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    await once(this.#child, "exit");
  }
}

describe("Kubernetes", function () {
  this.timeout(120_000);
  let world: GuideWorld;
  let api: KubeApi;
  const clients: Client[] = [];
  const connect = (...allowed: string[]) => {
    const client = new Client(world.home, world.reader.env, ...allowed);
    clients.push(client);
    return client;
  };
  const run = (...argv: string[]) => runCommand(argv, world.reader);

  before(async function () {
    const folders = await engineFolders("kubeclient");
    if (folders === undefined) this.skip();
    world = await GuideWorld.create(folders, { reuseWhileMs: Infinity });
    api = await startKubeApi(world.emulator);
    world.write("ca.pem", api.ca);
    const key = world.write("key.json", JSON.stringify(await world.emulator.createKey()));
    const flags = ["--ca", "ca.pem", "--name", "test", "--service-account-key-file", key];
    world.write("kubeconfig", ok(await run("yciam", "kubeconfig", "--server", api.url, ...flags)).stdout);
  });
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));
  after(async () => {
    api?.close();
    await world?.close();
  });

  it("one process gets 200", async () => {
    const client = connect();
    expect(await client.get()).to.equal("200");
    expect(await client.get()).to.equal("200");
    const [first] = world.emulator.issuedTokens;
    first!.revoked = true;
    expect(await client.get()).to.equal("401");
    expect(await client.get()).to.equal("200");
    world.emulator.clockOffsetMs += 13 * HOUR_MS;
    expect(await client.get()).to.equal("401");
    expect(await client.get()).to.equal("200");
    expect(world.emulator.counts.exchanges).to.equal(3);
    ok(await run("kubectl", "--kubeconfig", "kubeconfig", "get", "namespaces"));
  });
});
