import { expect } from "chai";
import { findCanaries } from "../support/canary";
import { readTree } from "../support/pulumi-files";
import { ok } from "../support/run-command";
import { eachInOwnWorld } from "./world";

describe("secrets given to yciam", function () {
  this.timeout(60_000);
  const world = eachInOwnWorld();

  it("come from standard input, as a key's text or in place of its file", async () => {
    const input = JSON.stringify(world.key);
    for (const flag of ["--service-account-key-json", "--service-account-key-file"]) {
      const { stdout, stderr } = ok(await world.cli.run(["token", flag, "-"], { input }));
      expect(stdout).to.equal(`${world.issued()}\n`);
      expect(stderr).to.equal("");
    }
  });

  it("come from a file, a pipe of the shell, or standard input in a file's place", async () => {
    const file = world.cli.write("token", "t1.from.file\n");
    const fromFile = await world.cli.run(["token", "--iam-token-token-file", file]);
    expect(ok(fromFile).stdout).to.equal("t1.from.file\n");
    const fromStdin = await world.cli.run(["token", "--iam-token-token-file", "-"], {
      input: "t1.from.stdin",
    });
    expect(ok(fromStdin).stdout).to.equal("t1.from.stdin\n");
    const script = "echo t1.from.pipe | yciam token --iam-token-token-file /dev/stdin";
    expect(ok(await world.cli.shell(script)).stdout).to.equal("t1.from.pipe\n");
  });

  it("are not taken from the command line, and the ways that are left are named", async () => {
    const refused = async (...args: string[]) => {
      const { code, stdout, stderr } = await world.cli.run(["token", ...args]);
      expect(code, args[0]).to.equal(64);
      expect(stdout).to.equal("");
      expect(stderr).not.to.include("canary");
      return stderr;
    };
    expect(await refused("--iam-token-token", "t1.canary.x")).to.equal(
      "yciam: --iam-token-token takes no secret from the command line, which other users and the history of " +
        "the shell see: give --iam-token-token - and send it on standard input, name a file that has it with " +
        "--iam-token-token-file, or set YC_IAM_TOKEN.\n",
    );
    expect(await refused("--oauth-token-token", "canary")).to.include("or set YC_OAUTH_TOKEN.");
    expect(await refused("--workload-identity-token", "canary")).to.include(
      "with --workload-identity-token-file, or set YCIAM_WORKLOAD_IDENTITY_TOKEN.",
    );
    expect(await refused("--function-context-token", '{"access_token":"canary"}')).to.include(
      "--function-context-token-file.",
    );
    const key = JSON.stringify(world.key);
    for (const flag of ["--service-account-key-json", "--service-account-key-file"]) {
      const stderr = await refused(flag, key);
      expect(stderr).to.include(`yciam: ${flag} takes no secret`);
      expect(findCanaries([{ name: "key", value: world.key.private_key }], [{ where: "", text: stderr }])).to
        .be.empty;
    }
    expect(await refused("--option", "vault.token=hvs.canary12345678")).to.include(
      "give --option vault.token=- and send it on standard input.",
    );
    expect(world.emulator.requests).to.be.empty;
  });

  it("are asked of standard input once, and of one place", async () => {
    const wrong = async (...args: string[]) => {
      const { code, stderr } = await world.cli.run(["token", ...args], { input: "t1.a.b" });
      expect(code).to.equal(64);
      return stderr;
    };
    expect(await wrong("--iam-token-token", "-", "--oauth-token-token", "-")).to.equal(
      "yciam: standard input can be read once: give `-` for one option alone.\n",
    );
    expect(await wrong("--iam-token-token", "-", "--iam-token-token-file", "f")).to.equal(
      "yciam: --iam-token-token and --iam-token-token-file give the same: leave one out.\n",
    );
    expect(await wrong("--iam-token-token-file", "/no/such/file")).to.equal(
      "yciam: --iam-token-token-file names /no/such/file, but there is no such file.\n",
    );
  });

  it("are hidden where an unknown word is repeated", async () => {
    const { code, stderr } = await world.cli.run(["token", "--iam-tokn=t1.abcdefgh.ijklmnop"]);
    expect(code).to.equal(64);
    expect(stderr).to.match(/^yciam: unknown option '--iam-tokn=\[secret\]'/);
  });

  it("stand in no log, explanation or file, whatever is logged", async () => {
    const input = JSON.stringify(world.key);
    const flags = ["--debug", "--service-account-key-json", "-"];
    const token = await world.cli.run(["token", ...flags], { input });
    const explained = await world.cli.run(["explain", "--verify", ...flags], { input });
    const json = await world.cli.run(["explain", "--output", "json", ...flags], { input });
    expect(token.stderr).to.include("yciam: debug: ");
    const assertion = (JSON.parse(world.emulator.requests[0]?.body ?? "{}") as { jwt: string }).jwt;
    const canaries = [
      { name: "private key", value: world.key.private_key },
      { name: "token", value: world.issued() },
      { name: "assertion", value: assertion },
    ];
    const disk = [...readTree(world.cli.home)].filter(([path]) => path !== "key.json");
    expect(disk.length).to.be.greaterThan(0);
    const traces = [
      ...[token, explained, json].map(({ stderr }, run) => ({ where: `stderr ${run}`, text: stderr })),
      ...[explained, json].map((run) => ({ where: "explanation", text: ok(run).stdout })),
      ...disk.map(([where, text]) => ({ where, text })),
    ];
    expect(findCanaries(canaries, traces)).to.deep.equal([]);
    // The search itself works: the token is where it belongs.
    expect(findCanaries(canaries, [{ where: "stdout", text: token.stdout }])).to.deep.equal([
      "token in stdout",
    ]);
  });
});
