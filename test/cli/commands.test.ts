import { expect } from "chai";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { SETTINGS } from "../../provider/core/options/settings";
import { kebabCase } from "../../provider/cli/spelling";
import { resolvers } from "../../provider/resolvers";
import { findCanaries } from "../support/canary";
import { readTree } from "../support/pulumi-files";
import { ok } from "../support/run-command";
import { Cli } from "./run";

const MAIN = join(__dirname, "../../dist/provider/cli/main.js");

describe("the command yciam", function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let key: KeyFile;
  let cli: Cli;
  let keyFile: string;

  beforeEach(async () => {
    emulator = await startEmulator();
    key = await emulator.createKey();
    cli = new Cli({ YCIAM_IAM_ENDPOINT: emulator.iamEndpoint });
    keyFile = join(cli.home, "key.json");
    writeFileSync(keyFile, JSON.stringify(key), { mode: 0o600 });
  });

  afterEach(async () => {
    cli.cleanup();
    await emulator.close();
  });

  const issued = () => emulator.issuedTokens[0]?.token ?? "none";

  describe("token", () => {
    it("prints the token alone, by flag and by variable, and one exchange serves both", async () => {
      const byFlag = ok(await cli.run(["token", "--service-account-key-file", keyFile]));
      expect(byFlag.stdout).to.equal(`${issued()}\n`);
      expect(byFlag.stderr).to.equal("");
      const byVariable = ok(await cli.run(["token"], { env: { YC_SERVICE_ACCOUNT_KEY_FILE: keyFile } }));
      expect(byVariable.stdout).to.equal(byFlag.stdout);
      expect(emulator.counts.exchanges).to.equal(1);
    });

    it("prints it in the other forms", async () => {
      const print = async (format: string) =>
        ok(await cli.run(["token", "--output", format, "--service-account-key-file", keyFile])).stdout;
      const json = JSON.parse(await print("json")) as Record<string, string>;
      expect(json.token).to.equal(issued());
      expect(json.authorizationHeader).to.equal(`Bearer ${issued()}`);
      expect(json).to.include({ resolver: "serviceAccountKey", subjectId: key.service_account_id });
      expect(Date.parse(json.expiresAt as string)).to.be.greaterThan(Date.now());
      expect(await print("header")).to.equal(`Authorization: Bearer ${issued()}\n`);
      expect(await print("env")).to.equal(
        `export YC_IAM_TOKEN='${issued()}'\nexport YC_TOKEN='${issued()}'\n`,
      );
    });

    it("reads a secret from standard input, and warns of one on the command line", async () => {
      const json = JSON.stringify(key);
      const piped = ok(await cli.run(["token", "--service-account-key-json", "-"], { input: json }));
      expect(piped.stdout).to.equal(`${issued()}\n`);
      expect(piped.stderr).to.equal("");
      const exposed = ok(await cli.run(["token", "--service-account-key-json", json]));
      expect(exposed.stdout).to.equal(piped.stdout);
      expect(exposed.stderr).to.match(
        /^yciam: warning: other users can see the secret after --service-account-key-json/,
      );
    });

    it("runs a program given word by word", async () => {
      const words = [process.execPath, "-e", "console.log(JSON.stringify({ token: 't1.a,b.c' }))"];
      const { stdout } = ok(await cli.run(["token", ...words.map((word) => `--command-argv=${word}`)]));
      expect(stdout).to.equal("t1.a,b.c\n");
    });

    it("says in the user's spelling what is wrong: code 64 for an option, 1 for a credential", async () => {
      const wrong = async (code: number, ...args: string[]) => {
        const result = await cli.run(["token", ...args]);
        expect(result.code, args.join(" ")).to.equal(code);
        expect(result.stdout).to.equal("");
        return result.stderr;
      };
      expect(await wrong(64, "--refresh-after", "soon")).to.equal(
        "yciam: --refresh-after is not a duration. Write a number with a unit, such as 90s, 10m or 1h30m.\n",
      );
      expect(await wrong(64, "--iam-endpoint", "http://example.com")).to.include(
        "--iam-endpoint must use https",
      );
      expect(await wrong(64, "--retries", "many")).to.equal(
        "yciam: --retries must be a whole number from 0 to 20.\n",
      );
      expect(await wrong(64, "--cache", "cloud")).to.equal(
        "yciam: --cache must be one of: disk, memory, none.\n",
      );
      expect(await wrong(1, "--service-account-key-file", "/no/such/file")).to.equal(
        "yciam: --service-account-key-file names /no/such/file, but there is no such file.\n",
      );
      const none = await wrong(1);
      expect(none).to.include("No credential was found. Tried, in this order:");
      expect(none).to.include("set --iam-token-token or YC_IAM_TOKEN");
      expect(none).to.include("name ycCli in --resolvers or YCIAM_RESOLVERS");
    });

    it("tells wrong usage by code 64", async () => {
      for (const args of [
        ["token", "--nope"],
        ["token", "--output", "xml"],
        ["nope"],
        ["token", "--retries"],
      ]) {
        expect((await cli.run(args)).code, args.join(" ")).to.equal(64);
      }
    });

    it("takes options of a resolver of one's own, and names them so", async () => {
      const file = join(cli.home, "mine.js");
      const path = join(__dirname, "../../dist/sdk/nodejs/resolvers.js");
      writeFileSync(
        file,
        `const { defineResolver, option, say, Secret, unavailable } = require(${JSON.stringify(path)});
         exports.mine = defineResolver({ name: "mine", summary: "Mine.", options: { word: { kind: "string", doc: "A word." } },
           resolve: async ({ options }) => options.word === undefined
             ? unavailable("no word is given", say\`set \${option("mine.word")}\`)
             : { id: "mine", token: async () => ({ token: new Secret("t1." + options.word + ".x") }) } });`,
      );
      const own = ["token", "--resolver-modules", file, "--resolvers", "mine"];
      expect(ok(await cli.run([...own, "--option", "mine.word=a=b"])).stdout).to.equal("t1.a=b.x\n");
      expect((await cli.run(own)).stderr).to.include("To use it: set --option mine.word=....");
      expect((await cli.run([...own, "--option", "word"])).code).to.equal(64);
    });

    it("reads a key file from standard input too, and standard input once", async () => {
      const input = JSON.stringify(key);
      expect(ok(await cli.run(["token", "--service-account-key-file", "-"], { input })).stdout).to.equal(
        `${issued()}\n`,
      );
      const twice = await cli.run(["token", "--iam-token-token", "-", "--oauth-token-token", "-"], {
        input: "t1.a.b",
      });
      expect(twice.code).to.equal(64);
      expect(twice.stderr).to.equal(
        "yciam: standard input can be read once: give `-` for one option alone.\n",
      );
    });

    it("ends at once on Ctrl-C while it waits for standard input", async () => {
      const child = spawn(process.execPath, [MAIN, "token", "--iam-token-token", "-"], {
        env: { PATH: process.env.PATH, HOME: cli.home },
        stdio: "pipe",
      });
      // Only a process that listens for SIGINT survives the first moments; this one says when it does.
      await new Promise((resolve) => setTimeout(resolve, 700));
      child.kill("SIGINT");
      const [code] = (await once(child, "exit")) as [number];
      expect(code).to.equal(130);
    });

    it("ends at once on Ctrl-C, with code 130", async () => {
      emulator.faults.inject({ delayMs: 60_000 });
      const child = spawn(process.execPath, [MAIN, "token", "--service-account-key-file", keyFile], {
        env: { PATH: process.env.PATH, HOME: cli.home, YCIAM_IAM_ENDPOINT: emulator.iamEndpoint },
        stdio: "ignore",
      });
      while (emulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      const start = performance.now();
      child.kill("SIGINT");
      const [code] = (await once(child, "exit")) as [number];
      expect(code).to.equal(130);
      expect(performance.now() - start).to.be.lessThan(5000);
    });
  });

  describe("explain", () => {
    it("says who would be asked without asking for a token, with code 0", async () => {
      const result = await cli.run(["explain"], { env: { YC_SERVICE_ACCOUNT_KEY_FILE: keyFile } });
      expect(result.code).to.equal(0);
      expect(result.stdout).to.match(
        /^RESOLVER +OUTCOME +TIME +REASON\niamToken +not set up +\d+ ms +no token is given\n/,
      );
      expect(result.stdout).to.match(/\nserviceAccountKey +would be asked +\d+ ms\n/);
      expect(result.stdout).to.include("\nworkloadIdentity   not tried");
      expect(emulator.counts.exchanges).to.equal(0);
    });

    it("asks for one with --verify, and tells a refusal by code 2", async () => {
      const verify = ["explain", "--verify", "--output", "json"];
      const env = { YC_SERVICE_ACCOUNT_KEY_FILE: keyFile, YCIAM_CACHE: "none" };
      const good = JSON.parse(ok(await cli.run(verify, { env })).stdout) as {
        chosen: string;
        verified: boolean;
      };
      expect(good).to.include({ chosen: "serviceAccountKey", verified: true });
      expect(emulator.counts.exchanges).to.equal(1);
      emulator.deleteKey(key.id);
      const bad = await cli.run(verify, { env });
      expect(bad.code).to.equal(2);
      const rows = (JSON.parse(bad.stdout) as { resolvers: { resolver: string; outcome: string }[] })
        .resolvers;
      expect(rows.find(({ resolver }) => resolver === "serviceAccountKey")?.outcome).to.equal("failed");
    });

    it("says by code 2 that nobody would answer", async () => {
      const result = await cli.run(["explain", "--output", "json"]);
      expect(result.code).to.equal(2);
      const { resolvers: rows, chosen } = JSON.parse(result.stdout) as {
        resolvers: { resolver: string; remedy?: string }[];
        chosen?: string;
      };
      expect(chosen).to.equal(undefined);
      expect(rows.map(({ resolver }) => resolver)).to.deep.equal(
        resolvers.filter(({ onlyWhenNamed }) => onlyWhenNamed !== true).map(({ name }) => name),
      );
      expect(rows.every(({ remedy }) => remedy !== undefined)).to.equal(true);
    });
  });

  it("revokes a token from standard input or a file, prints whose it was, and forgets it", async () => {
    const env = { YC_SERVICE_ACCOUNT_KEY_FILE: keyFile };
    const { stdout: token } = ok(await cli.run(["token"], { env }));
    const { stdout, stderr } = ok(await cli.run(["revoke"], { env, input: token }));
    expect(stdout).to.equal(`${key.service_account_id}\n`);
    expect(stderr).to.equal("yciam: the token is revoked.\n");
    expect(emulator.issuedTokens[0]?.revoked).to.equal(true);
    const { stdout: next } = ok(await cli.run(["token"], { env }));
    expect(next).not.to.equal(token);
    const file = join(cli.home, "token");
    writeFileSync(file, next);
    ok(await cli.run(["revoke", "--token-file", file], { env }));
    expect(emulator.issuedTokens[1]?.revoked).to.equal(true);
    for (const input of ["\n", "t1.a b", "t1.a\0b", "t1.\ufffd"]) {
      const nothing = await cli.run(["revoke"], { env, input });
      expect(nothing.code).to.equal(64);
      expect(nothing.stderr).to.include("there is no token to revoke");
    }
  });

  it("leaves no secret on standard error, in explanations or on disk, whatever is logged", async () => {
    const recording = await startEmulator({ recordBodies: true });
    const secretKey = await recording.createKey();
    const env = { YCIAM_IAM_ENDPOINT: recording.iamEndpoint };
    const runs = [
      await cli.run(["token", "--debug", "--service-account-key-json", "-"], {
        env,
        input: JSON.stringify(secretKey),
      }),
      await cli.run(["explain", "--debug", "--verify", "--service-account-key-json", "-"], {
        env,
        input: JSON.stringify(secretKey),
      }),
    ];
    expect(runs[0]?.stderr).to.include("yciam: debug: ");
    const assertion = (JSON.parse(recording.requests[0]?.body ?? "{}") as { jwt?: string }).jwt as string;
    const canaries = [
      { name: "private key", value: secretKey.private_key },
      { name: "token", value: recording.issuedTokens[0]?.token as string },
      { name: "assertion", value: assertion },
    ];
    const disk = [...readTree(cli.home)].filter(([path]) => path !== "key.json");
    expect(disk.length).to.be.greaterThan(0);
    const traces = [
      ...runs.map(({ stderr }, run) => ({ where: `stderr ${run}`, text: stderr })),
      { where: "explanation", text: runs[1]?.stdout ?? "" },
      ...disk.map(([where, text]) => ({ where, text })),
    ];
    expect(findCanaries(canaries, traces)).to.deep.equal([]);
    expect(findCanaries(canaries, [{ where: "stdout", text: runs[0]?.stdout ?? "" }])).to.deep.equal([
      "token in stdout",
    ]);
    await recording.close();
  });

  it("has a flag for every option, and says so in its help", async () => {
    const { stdout } = ok(await cli.run(["token", "--help"]));
    const paths = [
      ...Object.keys(SETTINGS),
      ...resolvers.flatMap(({ name, options }) => Object.keys(options).map((option) => `${name}.${option}`)),
      "impersonate.serviceAccountId",
    ];
    for (const path of paths) expect(stdout).to.match(new RegExp(`--${kebabCase(path)} <`));
  });

  it("prints its version, which is the package's", async () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as {
      version: string;
    };
    expect(ok(await cli.run(["--version"])).stdout).to.equal(`${version}\n`);
  });

  it("runs the emulator, which another run gets a token from", async () => {
    const file = join(cli.home, "emulator-key.json");
    const child = spawn(process.execPath, [MAIN, "emulator", "--key-file", file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
    while (!printed.includes("YC_SERVICE_ACCOUNT_KEY_FILE=")) await once(child.stdout, "data");
    const env = Object.fromEntries(
      [...printed.matchAll(/^export (\w+)='([^']*)'$/gm)].map(([, name, value]) => [
        name as string,
        value as string,
      ]),
    );
    const { stdout } = ok(await cli.run(["token"], { env }));
    expect(stdout).to.match(/^t1\.[\w-]+={0,2}\.[\w-]{86}\n$/);
    child.kill("SIGINT");
    expect(((await once(child, "exit")) as [number])[0]).to.equal(0);
  });
});
