import { expect } from "chai";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCertificate } from "../../provider/tls/certificate";
import { kubeconfig } from "../../sdk/nodejs";
import { startWorld } from "../contract/resolver-world";
import { findCanaries } from "../support/canary";
import { engineFolders } from "../support/engine-env";
import { ok } from "../support/run-command";
import { S3Server } from "../support/s3-server";
import { bundleInto } from "../support/bundle";
import { describeClis } from "../terraform/support/clis";

const ROOT = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const example = (name: string) => read(`examples/${name}/main.tf`);
const snippets = (file: string) =>
  Array.from(read(file).matchAll(/```terraform\n([^]*?)```/g), ([, text = ""]) => text);

describeClis("the examples for Terraform", ({ cloud, project }) => {
  it("are all run here, as is that of README.md, and all, those of docs/ too, are formatted as by the CLI", async () => {
    const names = readdirSync(join(ROOT, "examples")).filter((name) => name.startsWith("terraform"));
    expect(names).to.deep.equal(["terraform-access-key", "terraform-data", "terraform-ephemeral"]);
    const made = project("");
    [
      ...names.map(example),
      ...["README.md", "docs/index.md", "docs/functions/kubeconfig.md"].flatMap(snippets),
    ].forEach((text, at) => {
      mkdirSync(join(made.folder, `text-${at}`));
      writeFileSync(join(made.folder, `text-${at}`, "main.tf"), text);
    });
    expect((await made.run(["fmt", "-check", "-diff", "-recursive"])).stdout).to.equal("");
    ok(await project(snippets("README.md")[0] ?? "").run(["plan"]));
  });

  it("terraform-ephemeral: another provider works with the token, which is in no state and no plan", async () => {
    const { emulator } = cloud();
    const made = project(example("terraform-ephemeral"));
    made.set({ TEST_CLOUD_URL: emulator.url, TF_VAR_cloud: "demo-cloud" });
    ok(await made.run(["plan", "-out=saved.plan"]));
    ok(await made.run(["apply", "saved.plan"]));
    expect((await made.outputs())["cloud_id"]).to.match(/^b1g/);
    ok(await made.run(["plan", "-detailed-exitcode"]));
    expect(emulator.counts.clouds).to.be.greaterThan(1);
    expect(emulator.counts.exchanges).to.equal(1);
    const tokens = emulator.issuedTokens.map(({ token }) => ({ name: "token", value: token }));
    expect(findCanaries(tokens, made.traces())).to.deep.equal([]);
  });

  it("terraform-access-key: the AWS CLI works with the key, which is in no state, no log and no output", async function () {
    const folders = await engineFolders("s3");
    if (folders === undefined) return this.skip();
    const { emulator } = cloud();
    const storage = await S3Server.start("test-bucket", folders);
    emulator.onAccessKey = storage.learn;
    const made = project(example("terraform-access-key"));
    made.set({ PATH: `${folders.join(":")}:${made.env()["PATH"]}` });
    made.set({ TF_VAR_endpoint: storage.url, TF_VAR_bucket: "test-bucket" });
    ok(await made.run(["plan", "-out=saved.plan"]));
    ok(await made.run(["apply", "saved.plan"]));
    await storage.stop();
    const keys = emulator.issuedAccessKeys.flatMap(({ secret, sessionToken }) => [secret, sessionToken]);
    expect(keys).to.have.length.above(1);
    const canaries = keys.map((value) => ({ name: "access key", value }));
    expect(findCanaries(canaries, made.traces())).to.deep.equal([]);
  });

  it("terraform-data: tells of the caller, and hands on the token of another account", async () => {
    const { emulator, serviceAccountId } = cloud();
    const { id } = emulator.addServiceAccount();
    emulator.grantTokenCreator(serviceAccountId, id);
    const made = project(example("terraform-data")).set({ TF_VAR_deployer_id: id });
    const { stdout } = ok(await made.run(["apply", "-auto-approve"]));
    ok(await made.run(["plan", "-detailed-exitcode"]));
    const { caller, resolvers, token } = await made.outputs();
    expect(caller).to.include({ id: serviceAccountId, resolver: "serviceAccountKey" });
    expect(resolvers).to.include({ serviceAccountKey: "used", iamToken: "no token is given" });
    expect(stdout).not.to.contain(token);
    expect(emulator.issuedTokens.find((each) => each.token === token)?.subjectId).to.equal(id);
  });

  it("docs/functions: a kubeconfig is that of the function in TypeScript, and the next plan shows no change", async () => {
    const made = project(snippets("docs/functions/kubeconfig.md")[0] ?? "").set({ YCIAM_CACHE: "none" });
    const ca = createCertificate(Date.now()).pem;
    writeFileSync(join(made.folder, "ca.pem"), ca);
    ok(await made.run(["apply", "-auto-approve"]));
    const args = { server: "https://203.0.113.7", ca, name: "prod" };
    expect(await made.outputs()).to.deep.equal({ kubeconfig: kubeconfig(args) });
    ok(await made.run(["plan", "-detailed-exitcode"]));
    writeFileSync(join(made.folder, "ca.pem"), "planted");
    const { code, stderr } = await made.run(["plan"]);
    expect(code).to.equal(1);
    expect(stderr.replace(/[\s│]+/g, " "))
      .to.match(/ca is no certificate in PEM/)
      .and.match(/on main.tf line/);
  });

  it("vault-resolver: the resolver works here too, compiled and named by its path", async () => {
    const world = await startWorld();
    const made = project(`
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
output "subject" { value = data.yciam_token_info.it.subject_id }
`);
    bundleInto(join(ROOT, "examples/vault-resolver/vault.ts"), join(made.folder, "vault.js"));
    made.set({
      VAULT_ADDR: world.vault.url,
      VAULT_TOKEN: world.vault.token,
      YCIAM_VAULT_PATH: "yandex/deployer",
      YCIAM_IAM_ENDPOINT: world.emulator.iamEndpoint,
    });
    const applied = await made.run(["apply", "-auto-approve"]);
    await world.close();
    ok(applied);
    expect(await made.outputs()).to.deep.equal({ subject: world.key.service_account_id });
  });
});
