import { expect } from "chai";
import { describeClis, REQUIRED } from "../terraform/support/clis";

const TOKEN = `${REQUIRED}
ephemeral "yciam_token" "deploy" {}
provider "sink" {
  token = ephemeral.yciam_token.deploy.token
}
data "sink_token" "seen" {}
`;

/** A diagnostic without the frame and the line breaks of the terminal. */
const flat = (text: string) => text.replace(/[\s│╷╵]+/g, " ");

describeClis("errors of yciam", ({ cloud, project }) => {
  async function failure(main: string, env: Record<string, string> = {}, command = "plan"): Promise<string> {
    const made = await project(main);
    const { code, stderr } = await made.run([command], { env });
    expect(code).to.equal(1);
    return stderr;
  }

  it("shows a wrong option in its line, named as it is written there, before anything runs", async () => {
    const inProvider = `${REQUIRED}
provider "yciam" {
  min_remaining_validity = "13h"
}
data "yciam_resolvers" "here" {}
`;
    const stderr = await failure(inProvider, {}, "validate");
    expect(stderr).to.match(
      /Error: Invalid Option\s[^]*on main\.tf line \d+, in provider "yciam":\s[^]*min_remaining_validity = "13h"/,
    );
    expect(flat(stderr)).to.contain("min_remaining_validity is more than 12h");
    for (const block of ["ephemeral", "data"]) {
      const inBlock = `${REQUIRED}
${block} "yciam_token" "deploy" {
  refresh_after = "soon"
}
`;
      expect(await failure(inBlock, {}, "validate")).to.match(
        new RegExp(`in ${block} "yciam_token" "deploy":\\s[^]*refresh_after = "soon"`),
      );
    }
  });

  it("shows a wrong option of a group in its own line, not in the block's first", async () => {
    const main = `${REQUIRED}
provider "yciam" {
  impersonate = {
    service_account_id = ""
  }
}
data "yciam_resolvers" "here" {}
`;
    const stderr = await failure(main, {}, "validate");
    expect(stderr).to.match(/on main\.tf line \d+, in provider "yciam":\s[^]*\d+: +service_account_id = ""/);
  });

  it("shows each resolver in a line of its own when there is no credential", async () => {
    const stderr = await failure(TOKEN, { YC_SERVICE_ACCOUNT_KEY_FILE: "" });
    expect(stderr).to.match(/Error: No Credential Found\s[^]*in ephemeral "yciam_token" "deploy"/);
    expect(stderr).to.match(
      /\n[│ ]+serviceAccountKey: no authorised key is given\. To use it: set service_account_key\.file, service_account_key\.json or YC_SERVICE_ACCOUNT_KEY_FILE\.\n/,
    );
  });

  it("impersonates nobody in silence where the account's attribute is misspelled", async () => {
    for (const block of [`provider "yciam"`, `data "yciam_token_info" "other"`]) {
      const misspelled = `${block} {\n  impersonate = { service_acount_id = "aje00000000000000000" }\n}\n`;
      const stderr = flat(await failure(misspelled + TOKEN, {}, "validate"));
      expect(stderr).to.match(
        /Inappropriate value .*"impersonate": attribute "service_account_id" is required/,
      );
    }
  });

  it("takes no other identity where a variable leaves the only group without a value", async () => {
    const main = `${TOKEN}
variable "key" {
  type      = string
  default   = null
  sensitive = true
}
provider "yciam" {
  service_account_key = { json = var.key }
}
`;
    const env = { YC_SERVICE_ACCOUNT_KEY_FILE: "", YC_IAM_TOKEN: "t1.another.identity" };
    const stderr = flat(await failure(main, env));
    expect(stderr).to.match(/Error: No Credential Found .* The resolver asked for has no credential:/);
    expect(stderr).to.contain("service_account_key.json");
  });

  it("stops at a key that IAM does not know, though other credentials are there, and shows no key", async () => {
    const stranger = await cloud().emulator.createKey();
    cloud().emulator.deleteKey(stranger.id);
    const main = `provider "yciam" {
  resolvers = ["service_account_key", "iam_token"]
  service_account_key = { json = ${JSON.stringify(JSON.stringify(stranger))} }
}
${TOKEN}`;
    const stderr = await failure(main, { YC_IAM_TOKEN: "t1.another.token" });
    expect(stderr).to.match(/Error: Credential Cannot Be Used/);
    expect(flat(stderr)).to.contain("service_account_key.json");
    expect(stderr).not.to.match(/PRIVATE KEY|t1\.another/);
  });

  it("refuses a provider configuration that is not known yet, and says why", async () => {
    const main = `${TOKEN}
resource "terraform_data" "later" {}
provider "yciam" {
  service_account_key = { json = terraform_data.later.id }
}
`;
    const stderr = await failure(main);
    expect(stderr).to.match(
      /Error: Unknown Configuration Value\s[^]*in provider "yciam":\s[^]*json = terraform_data\.later\.id/,
    );
    expect(flat(stderr)).to.contain("The value of service_account_key.json is not known yet");
  });

  it("says that IAM cannot be reached, and where", async () => {
    const stderr = await failure(TOKEN, { YCIAM_IAM_ENDPOINT: "http://127.0.0.1:1", YCIAM_RETRIES: "0" });
    expect(stderr).to.contain("Error: Service Cannot Be Used");
    expect(flat(stderr)).to.contain("127.0.0.1:1");
  });

  it("warns of what the user must know: the end of OAuth tokens", async () => {
    const { token } = cloud().emulator.addOauthToken();
    const made = await project(`provider "yciam" {
  oauth_token = { token = "${token}" }
}
${TOKEN}`);
    const { code, stdout } = await made.run(["plan"]);
    expect(code).to.equal(0);
    expect(stdout).to.match(/Warning: IAM Token\s[^]*OAuth tokens of Yandex accounts/);
  });
});
