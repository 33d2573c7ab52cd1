import { expect } from "chai";
import { resolvers } from "../../provider/resolvers";
import { ok } from "../support/run-command";
import { eachInOwnWorld } from "./world";

interface Explained {
  readonly resolvers: readonly { resolver: string; outcome: string; reason?: string; remedy?: string }[];
  readonly chosen?: string;
  readonly verified: boolean;
}

describe("yciam explain", function () {
  this.timeout(60_000);
  const world = eachInOwnWorld();
  const json = (text: string) => JSON.parse(text) as Explained;

  it("says who would answer without asking for a token, with code 0", async () => {
    const env = { YC_SERVICE_ACCOUNT_KEY_FILE: world.keyFile };
    const { stdout, stderr } = ok(await world.cli.run(["explain"], { env }));
    expect(stdout).to.match(
      /^RESOLVER +OUTCOME +TIME +REASON\niamToken +not set up +\d+ ms +no token is given\n +-> set --iam-token-token or YC_IAM_TOKEN/,
    );
    expect(stdout).to.match(/\nserviceAccountKey +would answer +\d+ ms\n/);
    expect(stdout).to.include("\nworkloadIdentity   not tried");
    expect(stdout).to.match(
      /\n\nserviceAccountKey would be asked\. No token was asked for; --verify does that\.\n$/,
    );
    expect(stderr).to.equal("");
    expect(world.emulator.requests).to.be.empty;
  });

  it("asks for one with --verify, and tells a refusal by code 2", async () => {
    const verify = ["explain", "--verify", "--output", "json"];
    const env = { YC_SERVICE_ACCOUNT_KEY_FILE: world.keyFile, YCIAM_CACHE: "none" };
    const good = json(ok(await world.cli.run(verify, { env })).stdout);
    expect(good).to.include({ chosen: "serviceAccountKey", verified: true });
    expect(world.emulator.counts.exchanges).to.equal(1);
    world.emulator.deleteKey(world.key.id);
    const bad = await world.cli.run(verify, { env });
    expect(bad.code).to.equal(2);
    const row = json(bad.stdout).resolvers.find(({ resolver }) => resolver === "serviceAccountKey");
    expect(row?.outcome).to.equal("failed");
  });

  it("tells one that is set up but broken by code 2 too: it stops the search, so none would answer", async () => {
    const env = { YC_SERVICE_ACCOUNT_KEY_FILE: "/no/such/file" };
    const { code, stdout, stderr } = await world.cli.run(["explain"], { env });
    expect(code).to.equal(2);
    expect(stdout).to.match(
      /\nserviceAccountKey +FAILED +\d+ ms +YC_SERVICE_ACCOUNT_KEY_FILE names \/no\/such\/file/,
    );
    expect(stdout).to.match(/\nNo resolver gives a token here\.\n$/);
    expect(stderr).to.equal("");
  });

  it("says by code 2 that nobody would answer, and what each needs", async () => {
    const result = await world.cli.run(["explain", "--output", "json"]);
    expect(result.code).to.equal(2);
    const { resolvers: rows, chosen, verified } = json(result.stdout);
    expect({ chosen, verified }).to.deep.equal({ chosen: undefined, verified: false });
    expect(rows.map(({ resolver }) => resolver)).to.deep.equal(
      resolvers.filter(({ onlyWhenNamed }) => onlyWhenNamed !== true).map(({ name }) => name),
    );
    for (const row of rows) expect(row, row.resolver).to.include.keys("reason", "remedy", "durationMs");
  });

  it("is no explanation when an option is wrong: code 64 and a message", async () => {
    const { code, stdout, stderr } = await world.cli.run(["explain", "--output", "json", "--timeout", "0s"]);
    expect({ code, stdout }).to.deep.equal({ code: 64, stdout: "" });
    expect(stderr).to.equal("yciam: --timeout is zero: nothing can be asked in no time.\n");
  });
});
