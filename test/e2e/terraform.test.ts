import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { fingerprint } from "../../provider/core/token/token";
import { Secret } from "../../provider/core/words/secret";
import { ok } from "../support/run-command";
import { version } from "../terraform/support/built";
import { type CliProject } from "../terraform/support/cli-project";
import { describeClis, REQUIRED } from "../terraform/support/clis";

const EPHEMERAL = `${REQUIRED}
ephemeral "yciam_token" "deploy" {
  min_remaining_validity = "1h"
}

provider "sink" {
  token = ephemeral.yciam_token.deploy.token
}

data "sink_token" "seen" {}

output "fingerprint" {
  value = data.sink_token.seen.fingerprint
}
`;

const DATA = `
data "yciam_token" "it" {}
data "yciam_token_info" "it" {}
data "yciam_resolvers" "here" {}

output "token" {
  value     = data.yciam_token.it.token
  sensitive = true
}
output "info" {
  value = data.yciam_token_info.it
}
output "same" {
  value = nonsensitive(data.yciam_token.it.fingerprint) == data.yciam_token_info.it.fingerprint
}
output "id" {
  value = data.yciam_token.it.id
}
output "chosen" {
  value = data.yciam_resolvers.here.chosen
}
output "outcomes" {
  value = { for row in data.yciam_resolvers.here.resolvers : row.resolver => row.outcome }
}
`;

const withAliases = (keys: readonly string[]) => `${REQUIRED}
provider "yciam" {
  alias               = "one"
  service_account_key = { file = "${keys[0]}" }
}
provider "yciam" {
  alias               = "two"
  service_account_key = { file = "${keys[1]}" }
}
data "yciam_token_info" "one" {
  provider = yciam.one
}
data "yciam_token_info" "two" {
  provider = yciam.two
}
output "subjects" {
  value = [data.yciam_token_info.one.subject_id, data.yciam_token_info.two.subject_id]
}
`;

async function outputs(project: CliProject): Promise<Record<string, unknown>> {
  const all = JSON.parse(ok(await project.run(["output", "-json"])).stdout) as Record<
    string,
    { value: unknown }
  >;
  return Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value]));
}

describeClis("yciam", ({ cloud, project, path }) => {
  const exchanges = () => cloud().emulator.counts.exchanges;
  const plugin = () => path("built", "terraform-provider-yciam", `terraform-provider-yciam_v${version}`);
  const issued = () => cloud().emulator.issuedTokens.map(({ token }) => fingerprint(new Secret(token)));

  it("configures another provider with an ephemeral token; plan and apply use one", async () => {
    const made = await project(EPHEMERAL);
    ok(await made.run(["plan", "-out=saved.plan"]));
    ok(await made.run(["apply", "saved.plan"]));
    expect(exchanges()).to.equal(1);
    const { fingerprint: seen } = await outputs(made);
    expect(issued()).to.include(seen);
    expect(new Set(made.events())).to.deep.equal(new Set([`sink ${String(seen)}`, `read ${String(seen)}`]));
  });

  it("R3, R4: leaves the token in the state alive beside an ephemeral one", async () => {
    const made = await project(EPHEMERAL + DATA);
    ok(await made.run(["apply", "-auto-approve"]));
    const { token } = await outputs(made);
    const { counts, issuedTokens } = cloud().emulator;
    expect(issuedTokens.find((each) => each.token === token)?.revoked).to.equal(false);
    expect(counts.revoke).to.equal(0);
  });

  it("R3, R4: knows no argument revoke_on_close", async () => {
    const made = await project(EPHEMERAL.replace('min_remaining_validity = "1h"', "revoke_on_close = true"));
    const { code, stderr } = await made.run(["validate"]);
    expect(code).to.equal(1);
    expect(stderr).to.match(
      /Error: Unsupported argument[^]*An argument named "revoke_on_close" is not expected/,
    );
  });

  it("finds no difference in a second plan, and destroys", async () => {
    const made = await project(EPHEMERAL);
    ok(await made.run(["apply", "-auto-approve"]));
    expect((await made.run(["plan", "-detailed-exitcode"])).code).to.equal(0);
    ok(await made.run(["destroy", "-auto-approve"]));
    expect(exchanges()).to.equal(1);
  });

  it("reads the data sources: the token, what is told of it, and the resolvers; with no difference later", async () => {
    const made = await project(REQUIRED + DATA);
    const applied = ok(await made.run(["apply", "-auto-approve"]));
    expect((await made.run(["plan", "-detailed-exitcode"])).code).to.equal(0);
    const { token, info, ...rest } = await outputs(made);
    expect(applied.stdout).not.to.contain(token);
    expect(issued()).to.include(fingerprint(new Secret(token as string)));
    expect(info).to.include({ subject_id: cloud().serviceAccountId, resolver: "serviceAccountKey" });
    expect(rest).to.deep.include({ same: true, id: "yciam_token", chosen: "serviceAccountKey" });
    expect(rest["outcomes"]).to.include({ iamToken: "unavailable", serviceAccountKey: "used" });
    ok(await made.run(["destroy", "-auto-approve"]));
    expect(exchanges()).to.equal(1);
  });

  async function twoAliases(): Promise<{ made: CliProject; subjects: readonly string[] }> {
    const { emulator, key } = cloud();
    const keys = [key, await emulator.createKey()];
    const files = keys.map((each) => {
      const file = path(`${each.id}.json`);
      writeFileSync(file, JSON.stringify(each));
      return file;
    });
    const subjects = keys.map((each) => each.service_account_id);
    return { made: await project(withAliases(files)), subjects };
  }

  it("holds different identities in aliases", async () => {
    const { made, subjects } = await twoAliases();
    ok(await made.run(["apply", "-auto-approve"]));
    expect((await outputs(made))["subjects"]).to.deep.equal(subjects);
  });

  it("holds them apart in one process too, that is started for debugging", async () => {
    const { made, subjects } = await twoAliases();
    const debugged = spawn(process.execPath, [plugin(), "--debug"], { env: made.env() });
    try {
      const [said] = (await once(debugged.stdout, "data")) as [Buffer];
      const attach = /TF_REATTACH_PROVIDERS='(.*)'/.exec(said.toString())?.[1] ?? "";
      made.set({ TF_REATTACH_PROVIDERS: attach });
      for (let run = 0; run < 3; run++) {
        ok(await made.run(["apply", "-auto-approve"]));
        expect((await outputs(made))["subjects"]).to.deep.equal(subjects);
      }
    } finally {
      debugged.kill("SIGINT");
    }
    await once(debugged, "exit");
  });
});
