import { expect } from "chai";
import { closeSync, openSync } from "node:fs";
import { ok } from "../support/run-command";
import { eachInOwnWorld } from "./world";

describe("what goes wrong in yciam", function () {
  this.timeout(60_000);
  const world = eachInOwnWorld();

  /** One message on standard error, nothing on standard output. */
  async function wrong(code: number, args: readonly string[], env: Record<string, string> = {}) {
    const result = await world.cli.run(args, { env });
    expect(result.code, `${args.join(" ")}\n${result.stderr}`).to.equal(code);
    expect(result.stdout).to.equal("");
    expect(result.stderr).to.match(/^yciam: /);
    return result.stderr;
  }

  for (const [kind, args, message] of [
    [
      "duration",
      ["--refresh-after", "soon"],
      "--refresh-after is not a duration. Write a number with a unit",
    ],
    ["url", ["--iam-endpoint", "http://example.com"], "--iam-endpoint must use https"],
    ["integer", ["--retries", "many"], "--retries must be a whole number from 0 to 20."],
    ["enum", ["--cache", "cloud"], "--cache must be one of: disk, memory, none."],
    ["string", ["--impersonate-service-account-id", ""], "--impersonate-service-account-id"],
    ["path", ["--ca-file", ""], "--ca-file"],
    ["secret", ["--iam-token-token", ""], "--iam-token-token"],
    ["list", ["--resolvers", ""], "--resolvers must be a list of strings, none of them empty."],
    [
      "name of a resolver",
      ["--resolvers", "nobody"],
      '--resolvers names "nobody", which is none of: iamToken',
    ],
  ] as const) {
    it(`is named by the flag, for a wrong ${kind}`, async () => {
      expect(await wrong(64, ["token", ...args])).to.include(`yciam: ${message}`);
    });
  }

  it("is named by the variable, where that was set", async () => {
    expect(await wrong(64, ["token"], { YCIAM_RETRIES: "many" })).to.equal(
      "yciam: YCIAM_RETRIES must be a whole number from 0 to 20.\n",
    );
  });

  it("is told by code 1 for a credential that cannot be used", async () => {
    expect(await wrong(1, ["token", "--service-account-key-file", "/no/such/file"])).to.equal(
      "yciam: --service-account-key-file names /no/such/file, but there is no such file.\n",
    );
    world.emulator.deleteKey(world.key.id);
    const refused = await wrong(1, ["token", "--service-account-key-file", world.keyFile]);
    expect(refused).to.include("--service-account-key-file");
  });

  it("lists every resolver when none has a credential", async () => {
    const none = await wrong(1, ["token"]);
    expect(none).to.include("No credential was found. Tried, in this order:");
    expect(none).to.include("set --iam-token-token or YC_IAM_TOKEN");
    expect(none).to.include("name ycCli in --resolvers or YCIAM_RESOLVERS");
  });

  it("is told by code 64 for wrong usage", async () => {
    for (const args of [
      ["token", "--nope"],
      ["token", "--output", "xml"],
      ["token", "stray"],
      ["nope"],
      ["token", "--retries"],
      ["explain", "--output", "header"],
    ])
      await wrong(64, args);
    const emulator = await world.cli.run(["emulator", "--nope"]);
    expect(emulator.code).to.equal(64);
    expect(emulator.stderr).to.match(/^yciam emulator: Unknown option '--nope'/);
  });

  it("is called a defect when it is none of ours, and its message is not shown", async () => {
    const file = world.cli.write(
      "broken.js",
      'exports.broken = { name: "broken", summary: "B.", options: {}, resolve() { throw new TypeError("canary"); } };',
    );
    const stderr = await wrong(1, ["token", "--resolver-modules", file, "--resolvers", "broken"]);
    expect(stderr).to.match(
      /^yciam: a defect of yciam.*: TypeError thrown at broken\.js:1\. Please report it\.\n$/,
    );
  });

  it("is not that a reader has seen enough", async () => {
    world.cli.write("token", "t1.a.b");
    const { child, printed, end } = world.cli.start(["token", "--iam-token-token-file", "token"]);
    child.stdout?.destroy();
    expect(await end).to.equal(0);
    expect(printed.stderr).to.equal("");
  });

  it("is that the token could not be written", async () => {
    const path = world.cli.write("token", "t1.a.b");
    const readOnly = openSync(path, "r");
    const { printed, end } = world.cli.start(["token", "--iam-token-token-file", path], { stdout: readOnly });
    const code = await end;
    closeSync(readOnly);
    expect(code).to.equal(1);
    expect(printed.stderr).to.equal("yciam: the output could not be written (EBADF).\n");
  });

  it("is not that standard error cannot be written", async () => {
    const { token } = world.emulator.addOauthToken();
    const script = "yciam token 2< key.json";
    const { stdout } = ok(await world.cli.shell(script, { env: { YC_OAUTH_TOKEN: token } }));
    expect(stdout).to.equal(`${world.issued()}\n`);
  });
});
