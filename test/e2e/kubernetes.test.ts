import { expect } from "chai";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { GuideWorld } from "../guides/world";
import { findCanaries } from "../support/canary";
import { engineFolders } from "../support/engine-env";
import { type KubeApi, startKubeApi } from "../support/kube-api";
import { readTree } from "../support/pulumi-files";
import { ok, runCommand } from "../support/run-command";

const HOUR_MS = 3_600_000;

/** A process that asks the API server through client-go, for as long as it is told to. */
class Client {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  /** What the plugin told its user. */
  told = "";

  constructor(cwd: string, env: Readonly<Record<string, string>>, allowed: readonly string[]) {
    this.#child = spawn("kubeclient", ["kubeconfig", ...allowed], { cwd, env, stdio: "pipe" });
    this.#child.stderr.on("data", (chunk: Buffer) => (this.told += chunk.toString()));
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** The status of the answer, or what went wrong. */
  async get(path = "/version"): Promise<string> {
    this.#child.stdin.write(`${path}\n`);
    return ((await this.#lines.next()) as IteratorYieldResult<string>).value;
  }

  /** As many answers, one after the other. */
  async times(count: number): Promise<readonly string[]> {
    const answers: string[] = [];
    while (answers.length < count) answers.push(await this.get());
    return answers;
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    await once(this.#child, "close");
  }
}

describe("Kubernetes, through client-go", function () {
  this.timeout(120_000);
  let world: GuideWorld;
  let api: KubeApi;
  let keyFile: string;
  let clients: Client[];
  const refuse = () => world.emulator.issuedTokens.forEach((token) => (token.revoked = true));
  const exchanges = () => world.emulator.counts.exchanges;
  const parents = () => join(world.home, ".cache/yciam/parents");

  before(async function () {
    const folders = await engineFolders("kubeclient");
    if (folders === undefined) {
      process.stderr.write("    there is no Go to build kubeclient with: what needs it is skipped\n");
      return this.skip();
    }
    world = await GuideWorld.create(folders, { reuseWhileMs: Infinity });
    api = await startKubeApi(world.emulator);
    keyFile = world.write("key.json", JSON.stringify(await world.emulator.createKey()));
  });
  beforeEach(async () => {
    clients = [];
    world.emulator.reset();
    world.emulator.clockOffsetMs = 0;
    rmSync(join(world.home, ".cache"), { recursive: true, force: true });
    await configure("--service-account-key-file", keyFile);
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    const tokens = world.emulator.issuedTokens.map(({ token }) => ({ name: "token", value: token }));
    const told = clients.map((client) => ({ where: "standard error", text: client.told }));
    const kept = Array.from(readTree(world.home), ([where, text]) => ({ where, text }));
    expect(findCanaries(tokens, [...told, ...kept])).to.deep.equal([]);
  });
  after(async () => {
    api?.close();
    await world?.close();
  });

  const configure = async (...flags: readonly string[]) => {
    const argv = ["yciam", "kubeconfig", "--server", api.url, "--ca", world.write("ca.pem", api.ca)];
    const { stdout } = ok(await runCommand([...argv, "--name", "test", ...flags], world.reader));
    return world.write("kubeconfig", stdout);
  };
  const connect = (allowed: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
    const client = new Client(world.home, { ...world.reader.env, ...env }, allowed);
    clients.push(client);
    return client;
  };

  it("gets one token for many requests of many programs, fifty at once among them", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => connect().times(2)));
    expect(new Set(answers.flat())).to.deep.equal(new Set(["200"]));
    expect(exchanges()).to.equal(1);
  });

  it("gets another token after one that was refused, in the same program and in the next one", async () => {
    const [old, other] = [connect(), connect()];
    expect([await old.get(), await other.get()]).to.deep.equal(["200", "200"]);
    refuse();
    expect(await old.times(3)).to.deep.equal(["401", "200", "200"]);
    expect(await connect().get()).to.equal("200");
    expect(await other.times(2)).to.deep.equal(["401", "200"]);
    expect(exchanges()).to.equal(2);
    refuse();
    expect(await connect().times(2)).to.deep.equal(["401", "200"]);
    expect(exchanges()).to.equal(3);
  });

  it("works on for 13 hours in one process, and after them", async () => {
    const client = connect();
    expect(await client.get()).to.equal("200");
    world.emulator.clockOffsetMs = 13 * HOUR_MS;
    expect(await client.times(3)).to.deep.equal(["401", "200", "200"]);
    expect(exchanges()).to.equal(2);
  });

  it("has three tokens made in ten minutes, and no more, for a server that refuses all of them, and says so", async () => {
    const client = connect();
    for (let count = 0; count < 6; count += 1) {
      expect(await client.get()).to.equal(count === 0 ? "200" : "401");
      refuse();
    }
    expect(exchanges()).to.equal(4);
    expect(client.told).to.match(
      /warning: a program asked for this token again before its time.+see whose token it is/,
    );
  });

  it("does without its notes where they cannot be kept, and keeps them from others where they can", async () => {
    expect(await connect().get()).to.equal("200");
    const [note = ""] = readdirSync(parents());
    expect(statSync(parents()).mode & 0o777).to.equal(0o700);
    expect(statSync(join(parents(), note)).mode & 0o777).to.equal(0o600);
    for (const spoil of [() => writeFileSync(parents(), ""), () => mkdirSync(parents(), { mode: 0o755 })]) {
      rmSync(parents(), { recursive: true });
      spoil();
      const client = connect();
      expect(await client.times(2)).to.deep.equal(["200", "200"]);
      expect(client.told).to.equal("");
    }
  });

  it("hands out the old token in an outage, for as long as it lasts", async () => {
    const env = { YCIAM_REFRESH_AFTER: "0s", YCIAM_RETRIES: "0" };
    expect(await connect().get()).to.equal("200");
    world.emulator.faults.inject({ status: 503, times: 2 });
    const client = connect([], env);
    expect(await client.get()).to.equal("200");
    expect(client.told).to.contain("could not renew the IAM token; the old one is used");
    expect(exchanges()).to.equal(1);
  });

  it("is run where client-go is told to run it, by name, and nothing else is", async () => {
    expect(await connect(["yciam"]).get()).to.equal("200");
    expect(await connect(["kubelogin"]).get()).to.match(/is not permitted|not allowed/);
  });
});
