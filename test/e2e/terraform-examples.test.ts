import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startWorld } from "../contract/resolver-world";
import { findCanaries } from "../support/canary";
import { ok } from "../support/run-command";
import { type CliProject } from "../terraform/support/cli-project";
import { describeClis } from "../terraform/support/clis";
import { bundle } from "../terraform/support/demo-program";

const EXAMPLES = join(__dirname, "../../examples");
const example = (name: string) => readFileSync(join(EXAMPLES, name, "main.tf"), "utf8");

interface Output {
  readonly value: unknown;
  readonly sensitive: boolean;
}

async function outputs(made: CliProject): Promise<Readonly<Record<string, Output>>> {
  return JSON.parse(ok(await made.run(["output", "-json"])).stdout) as Record<string, Output>;
}

describeClis("the examples for Terraform", ({ cloud, project }) => {
  it("are all run here, and written as the CLIs format them", async () => {
    const names = readdirSync(EXAMPLES).filter((name) => name.startsWith("terraform"));
    expect(names).to.deep.equal(["terraform-data", "terraform-ephemeral"]);
    for (const name of names) {
      const made = await project(example(name));
      const { stdout } = await made.run(["fmt", "-check", "-diff", "main.tf"]);
      expect(stdout).to.equal("");
    }
  });

  it("are short in README.md, and work as they stand there", async () => {
    const readme = readFileSync(join(EXAMPLES, "../README.md"), "utf8");
    const written = /```terraform\n([^]*?)```/.exec(readme)?.[1];
    const made = await project(written ?? "");
    expect((await made.run(["fmt", "-check", "-diff", "main.tf"])).stdout).to.equal("");
    ok(await made.run(["plan"]));
  });

  it("terraform-ephemeral: another provider works with the token, which is in no state and no plan", async () => {
    const { emulator } = cloud();
    const made = await project(example("terraform-ephemeral"));
    made.set({ TEST_CLOUD_URL: emulator.url, TF_VAR_cloud: "demo-cloud" });
    ok(await made.run(["plan", "-out=saved.plan"]));
    ok(await made.run(["apply", "saved.plan"]));
    expect((await outputs(made))["cloud_id"]?.value).to.match(/^b1g/);
    expect((await made.run(["plan", "-detailed-exitcode"])).code).to.equal(0);
    ok(await made.run(["destroy", "-auto-approve"]));
    expect(emulator.counts.clouds).to.be.greaterThan(1);
    expect(emulator.counts.exchanges).to.equal(1);
    const tokens = emulator.issuedTokens.map(({ token }) => ({ name: "token", value: token }));
    expect(findCanaries(tokens, made.traces())).to.deep.equal([]);
  });

  it("terraform-data: tells of the caller, and hands on the token of another account", async () => {
    const { emulator, serviceAccountId } = cloud();
    const { id } = emulator.addServiceAccount();
    emulator.grantTokenCreator(serviceAccountId, id);
    const made = (await project(example("terraform-data"))).set({ TF_VAR_deployer_id: id });
    const { stdout } = ok(await made.run(["apply", "-auto-approve"]));
    expect((await made.run(["plan", "-detailed-exitcode"])).code).to.equal(0);
    const { caller, resolvers, token } = await outputs(made);
    expect(caller?.value).to.include({ id: serviceAccountId, resolver: "serviceAccountKey" });
    expect(resolvers?.value).to.include({ serviceAccountKey: "used", iamToken: "no token is given" });
    expect(token?.sensitive).to.equal(true);
    expect(stdout).not.to.contain(token?.value);
    const issued = emulator.issuedTokens.find((each) => each.token === token?.value);
    expect(issued?.subjectId).to.equal(id);
    ok(await made.run(["destroy", "-auto-approve"]));
  });

  it("vault-resolver: the resolver works here too, compiled and named by its path", async () => {
    const world = await startWorld();
    const made = await project(`
terraform {
  required_providers {
    yciam = { source = "yciam/yciam" }
  }
}
provider "yciam" {
  resolver_modules = ["./vault.js"]
  resolvers        = ["vault"]
}
data "yciam_token_info" "it" {}
output "it" {
  value = data.yciam_token_info.it
}
`);
    bundle(join(EXAMPLES, "vault-resolver/vault.ts"), join(made.folder, "vault.js"));
    made.set({
      VAULT_ADDR: world.vault.url,
      VAULT_TOKEN: world.vault.token,
      YCIAM_VAULT_PATH: "yandex/deployer",
      YCIAM_IAM_ENDPOINT: world.emulator.iamEndpoint,
    });
    const applied = await made.run(["apply", "-auto-approve"]);
    await world.close();
    ok(applied);
    expect((await outputs(made))["it"]?.value).to.include({
      resolver: "vault",
      subject_id: world.key.service_account_id,
    });
  });
});
