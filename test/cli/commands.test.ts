import { expect } from "chai";
import { once } from "node:events";
import { join } from "node:path";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import manifest from "../../package.json";
import { SETTINGS } from "../../provider/core/options/settings";
import { kebabCase } from "../../provider/handout/kebab-case";
import { resolvers } from "../../provider/resolvers";
import { findCanaries } from "../support/canary";
import { readTree } from "../support/pulumi-files";
import { ok } from "../support/run-command";
import { Cli, interrupt } from "./run";

describe("the command yciam", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let key: KeyFile;
  let cli: Cli;
  /** Variables that name the key. */
  let env: Record<string, string>;

  beforeEach(async () => {
    emulator = await startEmulator({ recordBodies: true });
    key = await emulator.createKey();
    cli = new Cli({ YCIAM_IAM_ENDPOINT: emulator.iamEndpoint });
    env = { YC_SERVICE_ACCOUNT_KEY_FILE: cli.write("key.json", JSON.stringify(key)) };
  });
  afterEach(async () => {
    cli.cleanup();
    await emulator.close();
  });

  const issued = () => emulator.issuedTokens[0]?.token ?? "none";

  describe("token", () => {
    it("prints the token alone, by flag and by variable, and one exchange serves both", async () => {
      const byFlag = ok(await cli.run(["token", "--service-account-key-file", "key.json"]));
      expect([byFlag.stdout, byFlag.stderr]).to.deep.equal([`${issued()}\n`, ""]);
      expect(ok(await cli.run(["token"], { env })).stdout).to.equal(byFlag.stdout);
      expect(emulator.counts.exchanges).to.equal(1);
    });

    it("prints it in the other forms", async () => {
      const print = async (format: string) =>
        ok(await cli.run(["token", "--output", format], { env })).stdout;
      const { expiresAt, ...json } = JSON.parse(await print("json")) as Record<string, string>;
      const authorizationHeader = `Bearer ${issued()}`;
      const identity = { resolver: "serviceAccountKey", subjectId: key.service_account_id };
      expect(json).to.include({ token: issued(), authorizationHeader, ...identity });
      expect(Date.parse(expiresAt as string)).to.be.greaterThan(Date.now());
      expect(await print("header")).to.equal(`Authorization: ${authorizationHeader}\n`);
      expect(await print("env")).to.equal(
        `export YC_IAM_TOKEN='${issued()}'\nexport YC_TOKEN='${issued()}'\n`,
      );
    });

    it("reads a secret, or a key file, from standard input, and warns of one on the command line", async () => {
      const input = JSON.stringify(key);
      for (const flag of ["--service-account-key-json", "--service-account-key-file"]) {
        const { stdout, stderr } = ok(await cli.run(["token", flag, "-"], { input }));
        expect([stdout, stderr]).to.deep.equal([`${issued()}\n`, ""]);
      }
      const exposed = ok(await cli.run(["token", "--service-account-key-json", input]));
      expect(exposed.stdout).to.equal(`${issued()}\n`);
      expect(exposed.stderr).to.match(
        /^yciam: warning: other users can see the secret after --service-account-key-json/,
      );
    });

    it("runs a program given word by word", async () => {
      const words = [process.execPath, "-e", "console.log(JSON.stringify({ token: 't1.a,b.c' }))"];
      const { stdout } = ok(await cli.run(["token", ...words.map((word) => `--command-argv=${word}`)]));
      expect(stdout).to.equal("t1.a,b.c\n");
    });

    it("takes options of a resolver of one's own, and names them so", async () => {
      const own = cli.own(
        `return options.word === undefined
          ? unavailable("no word is given", say\`set \${option("mine.word")}\`)
          : { id: "mine", token: async () => ({ token: new Secret("t1." + options.word + ".x") }) };`,
        `{ word: { kind: "string", doc: "A word." } }`,
      );
      const { stdout } = ok(await cli.run(["token", ...own, "--option", "mine.word=a=b"]));
      expect(stdout).to.equal("t1.a=b.x\n");
      expect((await cli.run(["token", ...own])).stderr).to.include("To use it: set --option mine.word=....");
    });
  });

  describe("explain", () => {
    it("says who would be asked without asking for a token, with code 0", async () => {
      const { code, stdout } = await cli.run(["explain"], { env });
      expect(code).to.equal(0);
      expect(stdout)
        .to.match(/^RESOLVER +OUTCOME +TIME +REASON\niamToken +not set up +\d+ ms +no token is given\n/)
        .and.match(/\nserviceAccountKey +would be asked +\d+ ms\n/)
        .and.include("\nworkloadIdentity   not tried");
      expect(emulator.counts.exchanges).to.equal(0);
    });

    it("asks for one with --verify, and tells a refusal by code 2", async () => {
      const verify = async () => {
        const args = ["explain", "--verify", "--output", "json"];
        const { code, stdout } = await cli.run(args, { env: { ...env, YCIAM_CACHE: "none" } });
        return { code, ...(JSON.parse(stdout) as { resolvers: { resolver: string; outcome: string }[] }) };
      };
      expect(await verify()).to.include({ code: 0, chosen: "serviceAccountKey", verified: true });
      expect(emulator.counts.exchanges).to.equal(1);
      emulator.deleteKey(key.id);
      const { code, resolvers: rows } = await verify();
      expect(code).to.equal(2);
      expect(rows.find(({ resolver }) => resolver === "serviceAccountKey")?.outcome).to.equal("failed");
    });

    it("says by code 2 that nobody would answer, and what would set each one up", async () => {
      const { code, stdout } = await cli.run(["explain", "--output", "json"]);
      const { resolvers: rows, ...rest } = JSON.parse(stdout) as { resolvers: { remedy?: string }[] };
      expect([code, rest]).to.deep.equal([2, { verified: false }]);
      expect(rows)
        .to.have.length(8)
        .and.satisfy(() => rows.every(({ remedy }) => remedy !== undefined));
    });
  });

  describe("revoke", () => {
    const tokenOf = async () => ok(await cli.run(["token"], { env })).stdout;

    it("revokes a token from standard input or a file, prints whose it was, and forgets it", async () => {
      const token = await tokenOf();
      const { stdout, stderr } = ok(await cli.run(["revoke"], { env, input: token }));
      expect(stdout).to.equal(`${key.service_account_id}\n`);
      expect(stderr).to.equal("yciam: the token is revoked.\n");
      const next = await tokenOf();
      expect(next).not.to.equal(token);
      ok(await cli.run(["revoke", "--token-file", cli.write("token", next)], { env }));
      expect(emulator.issuedTokens.map(({ revoked }) => revoked)).to.deep.equal([true, true]);
    });

    it("R4: says of a token that IAM knows no more that it is dead and forgotten, with code 1", async () => {
      const input = await tokenOf();
      ok(await cli.run(["revoke"], { input }));
      const { code, stdout, stderr } = await cli.run(["revoke"], { input });
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
      expect(stderr).to.match(/HTTP 401.* The token is dead already: .* the cache has forgotten it\.\n$/);
    });

    for (const input of ["\n", "t1.a b", "t1.a\0b", "t1.\ufffd"])
      it(`takes ${JSON.stringify(input)} for no token, with code 64`, async () => {
        const { code, stderr } = await cli.run(["revoke"], { env, input });
        expect(code).to.equal(64);
        expect(stderr).to.include("there is no token to revoke");
      });
  });

  it("leaves no secret on standard error, in explanations or on disk, whatever is logged", async () => {
    const input = JSON.stringify(key);
    const runs = [];
    for (const command of [["token"], ["explain", "--verify"]])
      runs.push(await cli.run([...command, "--debug", "--service-account-key-json", "-"], { input }));
    expect(runs[0]?.stderr).to.include("yciam: debug: ");
    const assertion = (JSON.parse(emulator.requests[0]?.body ?? "{}") as { jwt?: string }).jwt as string;
    const secrets = { "private key": key.private_key, token: issued(), assertion };
    const canaries = Object.entries(secrets).map(([name, value]) => ({ name, value }));
    const disk = [...readTree(cli.home)].filter(([path]) => path !== "key.json");
    expect(disk.length).to.be.greaterThan(0);
    const found = (...texts: (string | undefined)[]) =>
      findCanaries(
        canaries,
        texts.map((text = "") => ({ where: "there", text })),
      );
    const explanation = runs[1]?.stdout;
    const left = [...runs.map(({ stderr }) => stderr), explanation, ...disk.flat()];
    expect(found(...left)).to.deep.equal([]);
    expect(found(runs[0]?.stdout)).to.deep.equal(["token in there"]);
  });

  it("lists every resolver, its place in the chain and its options, for programs and for people", async () => {
    const rows = JSON.parse(ok(await cli.run(["resolvers", "--output", "json"])).stdout) as {
      name: string;
      place?: number;
      options: { flag: string; doc: string; variables: string[] }[];
    }[];
    expect(rows.map(({ name, options }) => [name, options.length])).to.deep.equal(
      resolvers.map(({ name, options }) => [name, Object.keys(options).length]),
    );
    expect(rows.map(({ place }) => place)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, undefined]);
    expect(rows[1]?.options[0]).to.deep.equal({
      flag: "--service-account-key-file",
      doc: resolvers[1]?.options.file?.doc,
      variables: ["YC_SERVICE_ACCOUNT_KEY_FILE"],
    });
    const { stdout } = ok(await cli.run(["resolvers"]));
    expect(stdout).to.match(
      /^1\. {3}iamToken\n {5}A.*\n {5}--iam-token-token +YC_IAM_TOKEN, YC_TOKEN .*\n {5}--iam/,
    );
    expect(stdout).to.match(/\n\n-\. {3}command\n.*\n {5}--command-argv\n$/);
  });

  it("prints the package's version, and in its help a flag for every option", async () => {
    expect(ok(await cli.run(["--version"])).stdout).to.equal(`${manifest.version}\n`);
    const { stdout } = ok(await cli.run(["token", "--help"]));
    const paths = [
      ...Object.keys(SETTINGS),
      ...resolvers.flatMap(({ name, options }) => Object.keys(options).map((option) => `${name}.${option}`)),
      "impersonate.serviceAccountId",
    ];
    for (const path of paths) expect(stdout).to.match(new RegExp(`--${kebabCase(path)} <`));
    expect(ok(await cli.run(["help", "token"])).stdout).to.equal(stdout);
  });

  it("runs the emulator, which another run gets a token from", async () => {
    const args = ["emulator", "--key-file", join(cli.home, "emulator-key.json")];
    const child = cli.start(args, ["ignore", "pipe", "inherit"]);
    let printed = "";
    child.stdout!.setEncoding("utf8").on("data", (text: string) => (printed += text));
    while (!printed.includes("YC_SERVICE_ACCOUNT_KEY_FILE=")) await once(child.stdout!, "data");
    const variables = Array.from(printed.matchAll(/^export (\w+)='([^']*)'$/gm), ([, name, value]) => [
      name,
      value,
    ]);
    const { stdout } = ok(
      await cli.run(["token"], { env: Object.fromEntries(variables) as Record<string, string> }),
    );
    expect(stdout).to.match(/^t1\.[\w-]+={0,2}\.[\w-]{86}\n$/);
    expect(await interrupt(child)).to.equal(0);
  });
});
