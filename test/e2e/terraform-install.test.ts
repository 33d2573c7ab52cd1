import { expect } from "chai";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ok } from "../support/run-command";
import { type Built, buildProvider, version } from "../terraform/support/built";
import { CliProject } from "../terraform/support/cli-project";
import { describeClis } from "../terraform/support/clis";
import { callProvider, connect } from "../terraform/support/grpc-client";
import { runToEnd, startPlugin } from "../terraform/support/plugin-process";
import { useScratch } from "../terraform/support/scratch";
import { readZip } from "../terraform/support/zip";

const NAME = "terraform-provider-yciam";
const PLATFORMS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"];
const DOCUMENTED = readFileSync(join(__dirname, "../../docs/index.md"), "utf8");
const MAIN = `
terraform {
  required_providers {
    yciam = { source = "yciam/yciam", version = "${version}" }
  }
}
data "yciam_token_info" "it" {}
output "subject" { value = data.yciam_token_info.it.subject_id }
`;

describe("the release of the Terraform plugin", function () {
  this.timeout(60_000);
  const scratch = useScratch();
  let built: Built;
  const read = (name: string) => readFileSync(scratch.path("all", name));
  before(async () => {
    built = await buildProvider(scratch.path("all"), "--all");
  });

  it("has a zip for each platform that starts scripts, a manifest, and checksums of them all", () => {
    const zips = PLATFORMS.map((platform) => `${NAME}_${version}_${platform}.zip`);
    const manifest = `${NAME}_${version}_manifest.json`;
    const sums = `${NAME}_${version}_SHA256SUMS`;
    expect(built.published).to.have.members([...zips, manifest, sums]);
    expect(JSON.parse(read(manifest).toString())).to.deep.equal({
      version: 1,
      metadata: { protocol_versions: ["6.0"] },
    });
    const sum = (name: string) => createHash("sha256").update(read(name)).digest("hex");
    const lines = read(sums).toString().trimEnd().split("\n");
    expect(lines).to.have.members([...zips, manifest].map((name) => `${sum(name)}  ${name}`));
  });

  it("packs a program that may be run, and the package.json that says how to read it", () => {
    const all = readZip(built.zip);
    const entries = all.filter(({ name }) => !name.startsWith("lib/"));
    const library = all.filter((entry) => !entries.includes(entry));
    expect(library.map(({ name, mode }) => `${mode.toString(8)} ${name}`)).to.include("644 lib/got.js");
    expect(entries.map(({ name, mode }) => `${mode.toString(8)} ${name}`)).to.deep.equal([
      "644 LICENSE",
      "644 THIRD_PARTY_NOTICES.txt",
      "644 package.json",
      `755 ${NAME}_v${version}`,
    ]);
    const [, notices, description, program] = entries.map(({ content }) => content.toString());
    expect(JSON.parse(description ?? "")).to.include({ type: "commonjs", version });
    expect(program).to.match(/^#!\/usr\/bin\/env node\n/);
    for (const used of ["@msgpack/msgpack", "got", "jose"])
      expect(notices).to.match(new RegExp(`^${used} \\d`, "m"));
    expect(notices).not.to.contain("@pulumi/pulumi");
  });

  it("says at once which Node it needs, where it is started by an older one", async () => {
    const older = scratch.path("older.js");
    writeFileSync(older, `Object.defineProperty(process.versions, "node", { value: "20.18.3" })`);
    const { code, stdout, stderr } = await runToEnd(built.executable, { NODE_OPTIONS: `--require=${older}` });
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.equal("terraform-provider-yciam needs Node.js 20.19 or newer, and this is 20.18.3\n");
  });

  it("tells of a defect by its kind, and by a line of the bundle that says more", async () => {
    const plugin = await startPlugin(built.executable);
    const client = connect(plugin.handshake);
    const request = { typeName: "yciam_token", private: Buffer.from("no JSON") };
    await callProvider(client, "configureProvider", { config: { msgpack: Buffer.from("80", "hex") } });
    const { diagnostics } = await callProvider(client, "renewEphemeralResource", request);
    plugin.process.kill();
    await plugin.ended;
    const [, line = ""] =
      /unexpected SyntaxError at \S+_v[\d.]+:(\d+)\./.exec(diagnostics?.[0]?.detail ?? "") ?? [];
    // Its lines are cut wherever they are long.
    const around = readFileSync(built.executable, "utf8")
      .split("\n")
      .slice(Number(line) - 2, Number(line));
    expect(around.join("")).to.contain("JSON.parse(");
  });

  it("is the same when it is built again, and takes away what another version or platform left", async () => {
    mkdirSync(scratch.path("again"));
    writeFileSync(scratch.path("again", `${NAME}_0.0.1_linux_amd64.zip`), "");
    const { zip, published } = await buildProvider(scratch.path("again"));
    expect(readFileSync(zip).equals(readFileSync(built.zip))).to.equal(true);
    expect(published).to.include(basename(zip)).and.have.length(3);
    expect(published.join()).not.to.contain("0.0.1");
  });
});

describeClis("installing yciam", ({ cli, cloud, folders, path }) => {
  let made: CliProject;
  before(async () => {
    const mirror = path("mirror");
    const { zip } = await buildProvider(path("built"));
    for (const registry of ["registry.terraform.io", "registry.opentofu.org"]) {
      const folder = join(mirror, registry, "yciam/yciam");
      mkdirSync(folder, { recursive: true });
      symlinkSync(zip, join(folder, basename(zip)));
    }
    const [, settings = ""] = /```terraform\nprovider_installation {\n([^]*?)}\n```/.exec(DOCUMENTED) ?? [];
    made = new CliProject(cli, folders(), path("project"), settings.replace('"DIR"', JSON.stringify(mirror)));
    made.set(cloud().env).configure(MAIN);
    // A project of ES modules: whatever Node finds no package.json for is read as one.
    writeFileSync(join(made.folder, "package.json"), `{"type":"module"}`);
    expect(ok(await made.run(["init"])).stdout).to.contain(`yciam/yciam v${version}`);
  });

  it("works from a mirror of zips with the settings that the documentation gives, in any project", async () => {
    ok(await made.run(["apply", "-auto-approve"]));
    expect(await made.outputs()).to.deep.equal({ subject: cloud().serviceAccountId });
  });

  it("does not start in the ways that the documentation tells of, in those words", async () => {
    mkdirSync(path("bin"));
    const programs = folders().map((folder) => join(folder, cli));
    symlinkSync(programs.find(existsSync) ?? "", path("bin", cli));
    const environments = {
      "42 ": { NODE_OPTIONS: "--import=data:text/javascript,console.log(42)" },
      "Failed to read any lines from plugin's stdout": { PATH: path("bin") },
    };
    for (const [said, env] of Object.entries(environments)) {
      const { stderr } = await made.run(["plan"], env);
      expect(stderr.replace(/[\s│╷╵]+/g, " ")).to.contain(`Unrecognized remote plugin message: ${said}`);
    }
    expect(DOCUMENTED).to.contain(`"Unrecognized remote plugin message"`);
    expect(DOCUMENTED).to.contain(`"Failed to read any lines from plugin's stdout"`);
  });
});
