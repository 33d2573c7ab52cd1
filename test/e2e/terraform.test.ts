import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { fingerprint } from "../../provider/core/token/token";
import { Secret } from "../../provider/core/words/secret";
import { ok } from "../support/run-command";
import { type CliProject } from "../terraform/support/cli-project";
import { describeClis, REQUIRED } from "../terraform/support/clis";

const EVERY_BLOCK = `${REQUIRED}
ephemeral "yciam_token" "deploy" {}
provider "sink" { token = ephemeral.yciam_token.deploy.token }
data "sink_token" "seen" {}
data "yciam_token" "it" {}
data "yciam_token_info" "it" {}
data "yciam_resolvers" "here" {}
output "token" {
  value     = data.yciam_token.it.token
  sensitive = true
}
output "told" {
  value = {
    id       = data.yciam_token.it.id
    seen     = data.sink_token.seen.fingerprint
    subject  = data.yciam_token_info.it.subject_id
    chosen   = data.yciam_resolvers.here.chosen
    outcomes = { for row in data.yciam_resolvers.here.resolvers : row.resolver => row.outcome }
  }
}
`;

const configured = (alias: string, keyFile: string) => `
provider "yciam" {
  alias = "${alias}"
  service_account_key { file = "${keyFile}" }
}
data "yciam_token_info" "${alias}" { provider = yciam.${alias} }
output "${alias}" { value = data.yciam_token_info.${alias}.subject_id }
`;

describeClis("yciam", ({ cloud, project, path, installed }) => {
  describe("after a plan, its apply and another plan", () => {
    let made: CliProject;
    let applied = "";
    let token = "";
    let counts = {};
    let told: Readonly<Record<string, unknown>> = {};
    before(async () => {
      cloud().emulator.reset();
      made = project(EVERY_BLOCK);
      ok(await made.run(["plan", "-out=saved.plan"]));
      applied = ok(await made.run(["apply", "saved.plan"])).stdout;
      ({ token, told } = (await made.outputs()) as { token: string; told: typeof told });
      ok(await made.run(["plan", "-detailed-exitcode"]));
      counts = { ...cloud().emulator.counts };
    });

    it("R3, R4: leaves the token in the state alive beside an ephemeral one, which is the same", () => {
      const issued = cloud().emulator.issuedTokens.find((each) => each.token === token);
      expect(issued?.revoked).to.equal(false);
      expect(counts).to.include({ exchanges: 1, revoke: 0 });
      const seen = fingerprint(new Secret(token));
      expect(new Set(made.events())).to.deep.equal(new Set([`read ${seen}`]));
    });

    it("has told all of the token and the resolvers, and has not printed the token", () => {
      const { seen, outcomes, ...rest } = told;
      const subject = cloud().serviceAccountId;
      expect(rest).to.deep.equal({ id: "yciam_token", subject, chosen: "serviceAccountKey" });
      expect(outcomes).to.include({ iamToken: "unavailable", serviceAccountKey: "used" });
      expect(applied).to.contain(seen).and.not.contain(token);
    });

    it("works without TLS when the user switches it off, logs with levels, and ends its processes", async () => {
      ok(await made.run(["destroy", "-auto-approve"], { TF_DISABLE_PLUGIN_TLS: "1" }));
      expect(made.trace())
        .to.match(/ \[DEBUG\] +provider\.terraform-provider-yciam_v\S+: got a new IAM token/)
        .and.match(/plugin process exited/)
        .and.not.match(/"@message"|plugin failed to exit gracefully/);
    });
  });

  it("holds different identities in aliases, also in one process that is started for debugging", async () => {
    const keys = { one: cloud().key, two: await cloud().emulator.createKey() };
    const blocks = Object.entries(keys).map(([alias, key]) => {
      writeFileSync(path(`${alias}.json`), JSON.stringify(key));
      return configured(alias, path(`${alias}.json`));
    });
    const subjects = { one: keys.one.service_account_id, two: keys.two.service_account_id };
    const made = project(REQUIRED + blocks.join(""));
    ok(await made.run(["apply", "-auto-approve"]));
    expect(await made.outputs()).to.deep.equal(subjects);
    const debugged = spawn(installed().executable, ["--debug"], { env: made.env(), timeout: 90_000 });
    const [said] = (await once(debugged.stdout, "data")) as [Buffer];
    made.set({ TF_REATTACH_PROVIDERS: /TF_REATTACH_PROVIDERS='(.*)'/.exec(said.toString())?.[1] ?? "" });
    for (let run = 0; run < 2; run++) {
      ok(await made.run(["apply", "-auto-approve"]));
      expect(await made.outputs()).to.deep.equal(subjects);
    }
    expect(made.trace()).to.contain("attach");
    debugged.kill("SIGINT");
    expect(await once(debugged, "exit")).to.deep.equal([0, null]);
  });
});
