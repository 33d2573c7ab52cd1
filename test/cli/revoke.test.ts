import { expect } from "chai";
import { ok } from "../support/run-command";
import { eachInOwnWorld } from "./world";

describe("yciam revoke", function () {
  this.timeout(60_000);
  const world = eachInOwnWorld();
  const isRevoked = () => world.emulator.issuedTokens.map(({ revoked }) => revoked);
  const environment = () => ({ YC_SERVICE_ACCOUNT_KEY_FILE: world.keyFile });
  const mint = async () => ok(await world.cli.run(["token"], { env: environment() })).stdout;

  it("revokes what is piped in, prints whose it was, and the next run has a new token", async () => {
    const token = await mint();
    const { stdout, stderr } = ok(await world.cli.run(["revoke"], { env: environment(), input: token }));
    expect(stdout).to.equal(`${world.key.service_account_id}\n`);
    expect(stderr).to.equal("yciam: the token is revoked.\n");
    expect(isRevoked()).to.deep.equal([true]);
    expect(await mint()).not.to.equal(token);
  });

  it("takes it from a file, or from standard input in its place", async () => {
    const file = world.cli.write("token", await mint());
    ok(await world.cli.run(["revoke", "--iam-token-file", file], { env: environment() }));
    ok(await world.cli.run(["revoke", "--iam-token-file", "-"], { env: environment(), input: await mint() }));
    expect(isRevoked()).to.deep.equal([true, true]);
  });

  it("takes YC_IAM_TOKEN where nothing is piped in, and never in place of an empty pipe", async () => {
    const env = { YC_IAM_TOKEN: (await mint()).trim() };
    const empty = await world.cli.run(["revoke"], { env, input: "" });
    expect(empty.code).to.equal(64);
    expect(empty.stderr).to.match(/^yciam: there is no token to revoke: give it on standard input/);
    expect(isRevoked()).to.deep.equal([false]);
    ok(await world.cli.shell("yciam revoke < /dev/null", { env }));
    expect(isRevoked()).to.deep.equal([true]);
  });

  it("takes what is piped in and not YC_IAM_TOKEN", async () => {
    const [first, second] = [await mint(), "t1.other.token"];
    ok(await world.cli.run(["revoke"], { env: { YC_IAM_TOKEN: second }, input: first }));
    expect(isRevoked()).to.deep.equal([true]);
  });

  it("says that there is no token, or no such file", async () => {
    const wrong = async (args: string[], input: string) => {
      const { code, stderr } = await world.cli.run(["revoke", ...args], { input });
      expect(code).to.equal(64);
      return stderr;
    };
    expect(await wrong([], "\n")).to.include("there is no token to revoke");
    expect(await wrong([], "two words"))
      .to.include("there is no token to revoke")
      .and.not.include("two words");
    expect(await wrong(["--iam-token-file", "/no/such/file"], "")).to.equal(
      "yciam: --iam-token-file names /no/such/file, but there is no such file.\n",
    );
    expect(world.emulator.requests).to.be.empty;
  });
});
