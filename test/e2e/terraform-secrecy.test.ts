import { expect } from "chai";
import { type Canary, findCanaries } from "../support/canary";
import { ok } from "../support/run-command";
import { type CliProject } from "../terraform/support/cli-project";
import { describeClis, REQUIRED } from "../terraform/support/clis";

const EPHEMERAL = `${REQUIRED}
variable "key" { ephemeral = true }
variable "oauth" { ephemeral = true }
provider "yciam" {
  service_account_key { json = var.key }
}
provider "yciam" {
  alias = "oauth"
  oauth_token { token = var.oauth }
}
ephemeral "yciam_token" "deploy" {}
ephemeral "yciam_token" "oauth" { provider = yciam.oauth }
data "yciam_token_info" "info" {}
data "yciam_resolvers" "here" { verify = true }
provider "sink" {
  token = "\${ephemeral.yciam_token.deploy.token}\${ephemeral.yciam_token.oauth.authorization_header}"
}
data "sink_token" "seen" {}
output "seen" {
  value = [data.sink_token.seen, data.yciam_token_info.info, data.yciam_resolvers.here]
}
`;

const DATA = `${REQUIRED}
data "yciam_token" "it" {}
output "it" {
  value     = data.yciam_token.it
  sensitive = true
}
`;

describeClis("secrecy of yciam", ({ cloud, project }) => {
  async function runAll(made: CliProject): Promise<void> {
    ok(await made.run(["plan", "-out=saved.plan"]));
    ok(await made.run(["show", "-json", "saved.plan"]));
    ok(await made.run(["apply", "saved.plan"]));
    ok(await made.run(["show", "-json"]));
    ok(await made.run(["output", "-json"]));
    ok(await made.run(["plan"], { TF_LOG_PATH: "" }));
  }

  function canaries(oauth: string): Canary[] {
    const { emulator, key } = cloud();
    const assertions = emulator.requests.flatMap(({ body = "" }) => /"jwt":"([^"]+)"/.exec(body)?.[1] ?? []);
    return [
      { name: "private key", value: key.private_key },
      { name: "OAuth token", value: oauth },
      ...emulator.issuedTokens.map(({ token }) => ({ name: "IAM token", value: token })),
      ...assertions.map((value) => ({ name: "assertion", value })),
    ];
  }

  it("leaves no secret in state, saved plan, output or TRACE log of ephemeral tokens", async () => {
    const { token } = cloud().emulator.addOauthToken();
    const made = project(EPHEMERAL).set({ TF_VAR_key: JSON.stringify(cloud().key), TF_VAR_oauth: token });
    await runAll(made);
    const secrets = canaries(token);
    expect(new Set(secrets.map(({ name }) => name)).size).to.equal(4);
    const traces = made.traces();
    const places = ["terraform.tfstate", "saved.plan", "trace.log", "output of plan"];
    expect(traces.map(({ where }) => where)).to.include.members(places);
    expect(findCanaries(secrets, traces)).to.deep.equal([]);
  });

  it("keeps the token of the data source in the state and the plan alone, as its documentation says", async () => {
    const made = project(DATA);
    await runAll(made);
    const shown = ["show -json saved.plan", "show -json", "output -json"].map((args) => `output of ${args}`);
    const places = ["terraform.tfstate", "saved.plan", ...shown].map((where) => `IAM token in ${where}`);
    expect(new Set(findCanaries(canaries("no OAuth token"), made.traces()))).to.deep.equal(new Set(places));
  });
});
