import { expect } from "chai";
import { join } from "node:path";
import { createProgram } from "../../provider/cli/program";
import { testContext } from "../support/context";
import { ok } from "../support/run-command";
import { eachInOwnWorld } from "./world";

describe("yciam token", function () {
  this.timeout(60_000);
  const world = eachInOwnWorld();

  it("prints the token alone, by flag and by variable, and one exchange serves both", async () => {
    const byFlag = ok(await world.cli.run(["token", "--service-account-key-file", world.keyFile]));
    expect(byFlag.stdout).to.equal(`${world.issued()}\n`);
    expect(byFlag.stderr).to.equal("");
    const env = { YC_SERVICE_ACCOUNT_KEY_FILE: world.keyFile };
    expect(ok(await world.cli.run(["token"], { env })).stdout).to.equal(byFlag.stdout);
    expect(world.emulator.counts.exchanges).to.equal(1);
  });

  it("prints it in the other forms", async () => {
    const print = async (format: string) =>
      ok(await world.cli.run(["token", "--output", format, "--service-account-key-file", world.keyFile]))
        .stdout;
    const json = JSON.parse(await print("json")) as Record<string, string>;
    const token = world.issued();
    expect(json).to.have.all.keys(
      ...["token", "authorizationHeader", "expiresAt", "issuedAt", "refreshAt"],
      ...["resolver", "subjectId", "fingerprint"],
    );
    expect(json).to.include({ token, authorizationHeader: `Bearer ${token}`, resolver: "serviceAccountKey" });
    expect(json.subjectId).to.equal(world.key.service_account_id);
    expect(Date.parse(json.expiresAt as string)).to.be.greaterThan(Date.now());
    expect(await print("header")).to.equal(`Authorization: Bearer ${token}\n`);
    expect(await print("env")).to.equal(`export YC_IAM_TOKEN='${token}'\nexport YC_TOKEN='${token}'\n`);
  });

  it("quotes what a shell would take apart", async () => {
    const odd = "t1.a'$(id)`id`\"\\\\.b";
    world.cli.write("odd", odd);
    const { stdout } = ok(
      await world.cli.shell(
        `eval "$(yciam token --output env --iam-token-token-file odd)"; printenv YC_IAM_TOKEN YC_TOKEN`,
      ),
    );
    expect(stdout).to.equal(`${odd}\n${odd}\n`);
  });

  it("warns on standard error alone", async () => {
    const { token } = world.emulator.addOauthToken();
    const { stdout, stderr } = ok(await world.cli.run(["token"], { env: { YC_OAUTH_TOKEN: token } }));
    expect(stdout).to.equal(`${world.issued()}\n`);
    expect(stderr).to.match(/^yciam: warning: .*OAuth/);
    expect(stderr).not.to.include(token);
  });

  it("runs a program given word by word", async () => {
    const words = [process.execPath, "-e", "console.log(JSON.stringify({ token: 't1.a,b.c' }))"];
    const { stdout } = ok(await world.cli.run(["token", ...words.map((word) => `--command-argv=${word}`)]));
    expect(stdout).to.equal("t1.a,b.c\n");
  });

  it("takes options of a resolver of one's own, and names them so", async () => {
    const file = world.cli.write("mine.js", OWN_RESOLVER);
    const own = ["token", "--resolver-modules", file, "--resolvers", "mine"];
    const { stdout } = ok(await world.cli.run([...own, "--option", "mine.word=a=b"]));
    expect(stdout).to.equal("t1.a=b.x\n");
    expect((await world.cli.run(own)).stderr).to.include("To use it: set --option mine.word=....");
    expect((await world.cli.run([...own, "--option", "word"])).code).to.equal(64);
    const piped = await world.cli.run([...own, "--option", "mine.word=-"], { input: "piped" });
    expect(ok(piped).stdout).to.equal("t1.piped.x\n");
  });

  for (const isTTY of [true, false]) {
    it(`${isTTY ? "tells a person at a terminal" : "tells no pipe"} that it is a secret`, async () => {
      const written: string[] = [];
      const note = (from: string) => ({ isTTY, write: (text: string) => written.push(`${from}: ${text}`) });
      const program = createProgram({
        context: () => testContext({ env: { YC_IAM_TOKEN: "t1.abc.def" } }),
        exit: () => undefined,
        io: {
          stdout: note("stdout"),
          stderr: note("stderr"),
          stdin: async () => "",
          isFed: () => false,
          signal: new AbortController().signal,
        },
      });
      await program.parseAsync(["node", "yciam", "token"]);
      const said = "stderr: yciam: what follows is a secret: it opens the cloud to whoever holds it.\n";
      expect(written).to.deep.equal([...(isTTY ? [said] : []), "stdout: t1.abc.def\n"]);
    });
  }
});

const RESOLVERS = join(__dirname, "../../dist/sdk/nodejs/resolvers.js");
const OWN_RESOLVER = `
const { defineResolver, option, say, Secret, unavailable } = require(${JSON.stringify(RESOLVERS)});
exports.mine = defineResolver({
  name: "mine", summary: "Mine.", options: { word: { kind: "string", doc: "A word." } },
  resolve: async ({ options }) => options.word === undefined
    ? unavailable("no word is given", say\`set \${option("mine.word")}\`)
    : { id: "mine", token: async () => ({ token: new Secret("t1." + options.word + ".x") }) },
});`;
