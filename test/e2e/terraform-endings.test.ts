import { expect } from "chai";
import { once } from "node:events";
import { ok } from "../support/run-command";
import { describeClis, REQUIRED } from "../terraform/support/clis";
import { until } from "../terraform/support/plugin-process";

const consumed = (how: string) => `${REQUIRED}
ephemeral "yciam_token" "deploy" {}
provider "sink" { token = ephemeral.yciam_token.deploy.token }
data "sink_token" "seen" { how = ${how} }
`;

describeClis("the end of a run", ({ cli, cloud, project }) => {
  beforeEach(() => {
    // A token of an earlier test must not be handed out again.
    cloud().emulator.reuseWhileMs = Infinity;
    cloud().emulator.tokenLifetimeMs = 12 * 3_600_000;
  });

  it("warns in the log, and on the terminal of tofu, when the token dies while it is used", async () => {
    cloud().emulator.tokenLifetimeMs = 4_000;
    const made = project(consumed('"slow"'));
    made.set({ YCIAM_MIN_REMAINING_VALIDITY: "1s" });
    const { stdout } = ok(await made.run(["plan"]));
    expect(made.trace()).to.match(
      /\[WARN\] .*It dies at [-\d]+T[:.\d]+Z, in \ds\. Terraform cannot hand another one/,
    );
    expect(stdout.split("Warning: IAM Token Will Die Soon")).to.have.length(cli === "tofu" ? 2 : 1);
  });

  it("ends a slow exchange at once after Ctrl-C, and leaves nothing running", async () => {
    const made = project(consumed("null"));
    cloud().emulator.faults.inject({ route: "tokens", delayMs: 30_000 });
    const child = made.start("plan");
    expect(await until(() => cloud().emulator.requests.length > 0, 20_000)).to.equal(true);
    const start = Date.now();
    // What a person at a terminal does: the signal reaches the whole group.
    process.kill(-child.pid!, "SIGINT");
    expect(await once(child, "exit")).to.deep.equal([1, null]);
    expect(Date.now() - start).to.be.lessThan(5_000);
    expect(made.processes()).to.deep.equal([]);
  });

  it("leaves no plugin behind when the CLI is killed", async () => {
    const made = project(consumed('"hang"'));
    const child = made.start("plan");
    expect(await until(() => made.events().length > 0, 20_000), "it hangs").to.equal(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(made.processes()).not.to.deep.equal([]);
    expect(await until(() => made.processes().length === 0, 10_000), "the plugins left").to.equal(true);
  });
});
