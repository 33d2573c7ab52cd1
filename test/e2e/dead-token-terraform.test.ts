import { expect } from "chai";
import { wordsOf } from "../support/programs";
import { ok, runCommand } from "../support/run-command";
import { describeClis } from "../terraform/support/clis";

const HOUR = 3_600_000;

/** A cloud that is looked up in the apply, since it waits for a resource that is made there. */
const using = (token: string, block: string) => `
terraform {
  required_providers {
    yciam  = { source = "yciam/yciam" }
    yandex = { source = "yandex-cloud/yandex" }
  }
}
${block}
provider "yandex" { ${token} }
resource "terraform_data" "made" {}
data "yandex_resourcemanager_cloud" "this" {
  name       = "demo-cloud"
  depends_on = [terraform_data.made]
}
output "cloud_id" { value = data.yandex_resourcemanager_cloud.this.id }
`;

const WAYS = {
  "a data source": using("token = data.yciam_token.it.token", 'data "yciam_token" "it" {}'),
  "an ephemeral resource": using("token = ephemeral.yciam_token.it.token", 'ephemeral "yciam_token" "it" {}'),
  "the environment": using("", ""),
};

describeClis("a saved plan that is applied 13 hours later", ({ cloud, project }) => {
  /** Plans 13 hours ago, and answers what applies that plan now. */
  async function planned(way: keyof typeof WAYS) {
    const { emulator } = cloud();
    const YC_SERVICE_ACCOUNT_KEY_FILE = JSON.stringify(await emulator.createKey());
    const made = project(WAYS[way]).set({ TEST_CLOUD_URL: emulator.url, YC_SERVICE_ACCOUNT_KEY_FILE });
    emulator.clockOffsetMs = -13 * HOUR;
    const plan = () => made.run(["plan", "-out=saved.plan"]);
    ok(await plan());
    emulator.clockOffsetMs = 0;
    return { plan, made, apply: () => made.run(["apply", "saved.plan"]) };
  }

  it("has a dead token where a data source gave it, and a living one after another plan", async () => {
    const { plan, made, apply } = await planned("a data source");
    expect((await apply()).stderr).to.contain("Error: HTTP 401");
    ok(await plan());
    ok(await apply());
    expect((await made.outputs())["cloud_id"]).to.match(/^b1g/);
  });

  it("has a living one from an ephemeral resource", async () => {
    const { made, apply } = await planned("an ephemeral resource");
    ok(await apply());
    expect((await made.outputs())["cloud_id"]).to.match(/^b1g/);
  });

  it("has a living one from the environment that yciam exec gives it", async () => {
    const { made } = await planned("the environment");
    const words = [...wordsOf("yciam"), "exec", "--", made.cli, "apply", "saved.plan"];
    ok(await runCommand(words, { env: made.env(), cwd: made.folder }));
  });
});
