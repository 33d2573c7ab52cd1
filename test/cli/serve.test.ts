import { expect } from "chai";
import { type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { type Emulator, startEmulator } from "../../emulator";
import { isOwnPeer } from "../../provider/cli/server/peers";
import { asking, printing } from "./asking";
import { ok, runCommand } from "../support/run-command";
import { Cli, interrupt } from "./run";

const isLinux = process.platform === "linux";
const isRoot = process.geteuid?.() === 0;

describe("yciam serve", function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let cli: Cli;
  const started: ChildProcess[] = [];
  beforeEach(async () => {
    emulator = await startEmulator();
    cli = new Cli({ YCIAM_IAM_ENDPOINT: emulator.iamEndpoint, YC_SERVICE_ACCOUNT_KEY_FILE: "key.json" });
    cli.write("key.json", JSON.stringify(await emulator.createKey()));
  });
  afterEach(async () => {
    started.splice(0).forEach((child) => child.kill("SIGKILL"));
    cli.cleanup();
    await emulator.close();
  });

  /** Starts it, and answers the variables that it prints, what it says, and the process. */
  async function serve(...flags: readonly string[]) {
    const child = cli.start(["serve", ...flags], ["ignore", "pipe", "pipe"], { YCIAM_CACHE: "none" });
    started.push(child);
    let said = "";
    child.stderr!.on("data", (text: Buffer) => (said += text.toString()));
    const printed = await Promise.race([
      printing(child)("_TOKEN='"),
      once(child, "exit").then(() => expect.fail(said)),
    ]);
    const lines = Array.from(printed.matchAll(/^export (\w+)='([^']*)'$/gm), ([, name, value]) => [
      name,
      value,
    ]);
    return { child, env: Object.fromEntries(lines) as Record<string, string>, said: () => said };
  }
  /** Answers that a program tells of, which has these variables. */
  async function answers(body: string, env: Record<string, string>) {
    const { stdout } = ok(await runCommand(asking(body), { env }));
    return JSON.parse(stdout) as { status: number; body: string }[];
  }
  const statuses = async (body: string, env: Record<string, string>) =>
    (await answers(body, env)).map(({ status }) => status);

  const AWS = `await ask(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI, { Authorization: process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN })`;
  const AS_OTHER = `const own = await ask(); process.setgid(65534); process.setuid(65534); tell([own, await ask()]);`;

  for (const flags of [[], ["--listen", "[::1]:0"]]) {
    it(`gives tokens and keys to programs that have the variables it prints, until it is stopped (${flags.join(" ")})`, async function () {
      if (!isLinux) return this.skip();
      const { child, env, said } = await serve(...flags);
      const [token, key] = await answers(`tell([await ask(), ${AWS}])`, env);
      expect(JSON.parse(token?.body ?? "")).to.include({ access_token: emulator.issuedTokens[0]?.token });
      expect(JSON.parse(key?.body ?? "")).to.include({
        AccessKeyId: emulator.issuedAccessKeys[0]?.accessKeyId,
      });
      if (isRoot) expect(await statuses(AS_OTHER, env)).to.deep.equal([200, 403]);
      expect(await interrupt(child)).to.equal(0);
      expect(said()).to.equal("");
    });
  }

  it("gives them to every user with --any-user, and says so", async function () {
    if (!isLinux || !isRoot) return this.skip();
    const { env, said, child } = await serve("--any-user");
    expect(await statuses(AS_OTHER, env)).to.deep.equal([200, 200]);
    expect(said()).to.match(
      /^yciam: warning: every user of this machine, and every container that shares its network, gets/,
    );
    child.kill("SIGTERM");
    expect(await once(child, "exit")).to.deep.equal([0, null]);
  });

  it("tells at an address of its own, which has no token, whether one can be had", async () => {
    const [word, port] = [cli.write("word", "canary-of-16-letters\n"), await freePort()];
    const health = `127.0.0.1:${port}`;
    const flags = [
      "--any-user",
      "--listen",
      "0.0.0.0:0",
      "--health",
      health,
      "--aws-authorization-file",
      word,
    ];
    const { env, said } = await serve(...flags);
    expect(said()).to.match(/^yciam: warning: whoever can reach 0\.0\.0\.0 over a network gets a token/);
    expect(env.AWS_CONTAINER_AUTHORIZATION_TOKEN).to.equal("canary-of-16-letters");
    const ASK = `tell([await ask("/healthz"), await ask("/readyz"), await ask(), ${AWS}])`;
    const there = { ...env, YC_METADATA_ADDR: health };
    expect(await statuses(ASK, there)).to.deep.equal([200, 200, 404, 200]);
    expect(await statuses(`tell([await ask()])`, env)).to.deep.equal([200]);
  });

  it("is ready only when a token can be had", async () => {
    cli.write("key.json", "{}");
    const { env } = await serve("--any-user");
    expect(await statuses(`tell([await ask("/healthz"), await ask("/readyz")])`, env)).to.deep.equal([
      200, 503,
    ]);
  });

  it("names what is wrong with a place, with code 64", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    cli.write("short", "short");
    for (const [args, says] of [
      [
        ["--listen", "0.0.0.0:80"],
        /^yciam: --listen names an address that others can reach .* Add --any-user/,
      ],
      [["--listen", "example.com:80"], /^yciam: --listen must be an address and a port/],
      [["--listen", "127.0.0.1:65536", "--any-user"], /^yciam: --listen must be an address and a port/],
      [["--any-user", "--health", "8080"], /^yciam: --health must be an address and a port/],
      [["--any-user", "--listen", `127.0.0.1:${port}`], /\(EADDRINUSE\)\. Another program does: choose/],
      [
        ["--any-user", "--listen", "192.0.2.1:0"],
        /192\.0\.2\.1:0 \(EADDRNOTAVAIL\)\. Choose another address/,
      ],
      [["--any-user", "--aws-authorization-file", "nope"], /names nope, which cannot be read \(ENOENT\)/],
      [["--any-user", "--aws-authorization-file", "short"], /must hold one word of 16/],
    ] as const) {
      const { code, stderr, stdout } = await cli.run(["serve", ...args]);
      expect([code, stdout], args.join(" ")).to.deep.equal([64, ""]);
      expect(stderr).to.match(says);
    }
    taken.close();
  });
});

/** A port that nobody listened at a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

describe("the other end of a connection on this machine", () => {
  let server: Server;
  before(function () {
    if (!isLinux) this.skip();
  });
  afterEach(() => server.close());

  for (const [listens, asks] of [
    ["127.0.0.1", "127.0.0.1"],
    ["127.0.0.1", "::ffff:127.0.0.1"],
    ["::1", "::1"],
    ["::", "127.0.0.1"],
    ["::", "::1"],
  ] as const) {
    it(`is our own user's from ${asks} to ${listens}, and nobody's once it has closed`, async () => {
      server = createServer({ allowHalfOpen: true }).listen(0, listens);
      await once(server, "listening");
      const { port } = server.address() as { port: number };
      const [client, connection] = [connect(port, asks), once(server, "connection")];
      const [socket] = (await connection) as [Parameters<typeof isOwnPeer>[0]];
      expect(await isOwnPeer(socket)).to.equal(true);
      client.destroy();
      await once(socket.resume(), "end");
      expect(await isOwnPeer(socket)).to.equal(false);
      socket.destroy();
    });
  }
});
