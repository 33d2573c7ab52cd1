import { expect } from "chai";
import { type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createApp } from "../../provider/app";
import { Secret } from "../../provider/core/words/secret";
import { fingerprint } from "../../provider/core/token/token";
import { testContext } from "../support/context";
import { ok } from "../support/run-command";
import { type CliProject } from "../terraform/support/cli-project";
import { describeClis, REQUIRED } from "../terraform/support/clis";
import { until } from "../terraform/support/plugin-process";

const consumed = (how: string, revokes: boolean) => `${REQUIRED}
ephemeral "yciam_token" "deploy" {
  revoke_on_close = ${revokes}
}
provider "sink" {
  token = ephemeral.yciam_token.deploy.token
}
data "sink_token" "seen" {
  how = ${how}
}
`;

/** Something to do in the apply: a provider that has nothing to do there is not configured. */
const LATER = `
resource "terraform_data" "first" {}
data "sink_token" "then" {
  depends_on = [terraform_data.first]
}
`;

/** What a person at a terminal does: the signal reaches the whole group. */
const interrupt = (child: ChildProcess) => process.kill(-child.pid!, "SIGINT");

describeClis("the end of a run", ({ cli, cloud, project }) => {
  const tokens = () => cloud().emulator.issuedTokens;
  const revoked = () => tokens().map((token) => token.revoked);
  let before = 0;
  beforeEach(() => {
    // A token of an earlier test must not be handed out again.
    cloud().emulator.reuseWhileMs = Infinity;
    cloud().emulator.tokenLifetimeMs = 12 * 3_600_000;
    before = tokens().length;
  });

  async function hanging(revokes: boolean): Promise<{ made: CliProject; child: ChildProcess }> {
    const made = await project(consumed('"hang"', revokes));
    const child = made.start("plan");
    const reads = () => existsSync(made.eventsFile) && readFileSync(made.eventsFile, "utf8").includes("read");
    expect(await until(reads, 20_000), "the plan comes to what hangs").to.equal(true);
    return { made, child };
  }

  it("leaves a token alive, and revokes each that is opened where that is asked for", async () => {
    ok(await (await project(consumed("null", false))).run(["apply", "-auto-approve"]));
    expect(revoked().slice(before)).to.deep.equal([false]);
    ok(await (await project(consumed("null", true))).run(["apply", "-auto-approve"]));
    expect(new Set(revoked().slice(before + 1))).to.deep.equal(new Set([true]));
  });

  it("opens a token of its own in the plan and in the apply of the saved plan, and revokes both", async () => {
    const made = await project(consumed("null", true) + LATER);
    ok(await made.run(["plan", "-out=saved.plan"]));
    expect(revoked().slice(before)).to.deep.equal([true]);
    const planned = new Set(made.events());
    ok(await made.run(["apply", "saved.plan"]));
    expect(revoked().slice(before)).to.deep.equal([true, true]);
    const seen = tokens()
      .slice(before)
      .map(({ token }) => `sink ${fingerprint(new Secret(token))}`);
    expect(planned).to.include(seen[0]).and.not.include(seen[1]);
    expect(made.events()).to.include(seen[1]).and.not.include(seen[0]);
  });

  it("leaves a token alive that was handed in ready, and warns of that", async () => {
    const { env } = cloud();
    const { token } = await createApp({}, testContext({ env })).getIamToken();
    const made = await project(consumed("null", true));
    const { stdout } = ok(
      await made.run(["apply", "-auto-approve"], { env: { YC_IAM_TOKEN: token.reveal() } }),
    );
    expect(stdout).to.match(/Warning: Token Is Not Revoked\s[^]*iamToken/);
    expect(made.events()).to.include(`sink ${fingerprint(token)}`);
    expect(revoked().slice(before)).to.deep.equal([false]);
  });

  it("says in the log which token lives on when IAM hangs at the end, and does not hang itself", async () => {
    const made = await project(consumed('"fail"', true));
    cloud().emulator.faults.inject({ route: "revoke", delayMs: 60_000, times: Infinity });
    expect((await made.run(["plan"])).stderr).to.contain("The Sink Fails");
    const [left] = tokens().slice(before);
    expect(left?.revoked).to.equal(false);
    expect(made.trace()).to.match(
      new RegExp(
        `\\[ERROR\\] .*could not revoke a token; it lives until \\S+Z: .*fingerprint=${fingerprint(new Secret(left?.token ?? ""))}`,
      ),
    );
    expect(made.trace()).not.to.contain(left?.token);
    expect(made.processes()).to.deep.equal([]);
  });

  it("revokes the token too when what uses it fails, though the CLI closes nothing then", async () => {
    const made = await project(consumed('"fail"', true));
    expect((await made.run(["apply", "-auto-approve"])).stderr).to.contain("The Sink Fails");
    expect(revoked().slice(before)).to.deep.equal([true]);
  });

  it("revokes the token after Ctrl-C, and leaves nothing running", async () => {
    const { made, child } = await hanging(true);
    interrupt(child);
    const [code] = (await once(child, "exit")) as [number];
    expect(code).to.equal(1);
    expect(made.processes()).to.deep.equal([]);
    expect(revoked().slice(before)).to.deep.equal([true]);
  });

  it("warns in the log, and on the terminal of tofu, when the token dies while it is used", async () => {
    cloud().emulator.tokenLifetimeMs = 4_000;
    const made = await project(consumed('"slow"', false));
    made.set({ YCIAM_MIN_REMAINING_VALIDITY: "1s" });
    const { stdout } = ok(await made.run(["plan"]));
    expect(made.trace()).to.match(
      /\[WARN\] .*It dies at [-\d]+T[:.\d]+Z, in \ds\. Terraform cannot hand another one/,
    );
    const shown = cli === "tofu" ? 1 : 0;
    expect(stdout.match(/Warning: IAM Token Will Die Soon/g) ?? []).to.have.length(shown);
  });

  it("ends a slow exchange at once after Ctrl-C", async () => {
    const made = await project(consumed("null", false));
    cloud().emulator.faults.inject({ route: "tokens", delayMs: 30_000 });
    const child = made.start("plan");
    expect(await until(() => cloud().emulator.requests.length > 0, 20_000)).to.equal(true);
    const start = Date.now();
    interrupt(child);
    await once(child, "exit");
    expect(Date.now() - start).to.be.lessThan(5_000);
    expect(made.processes()).to.deep.equal([]);
  });

  it("leaves no plugin behind, and revokes the token, when the CLI is killed", async () => {
    const { made, child } = await hanging(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(made.processes()).not.to.deep.equal([]);
    expect(await until(() => made.processes().length === 0, 10_000), "the plugins left").to.equal(true);
    expect(revoked().slice(before)).to.deep.equal([true]);
  });
});
