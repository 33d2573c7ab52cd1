import { expect } from "chai";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathWith } from "../support/engine-env";
import { ok } from "../support/run-command";
import { type Built, buildProvider, version } from "../terraform/support/built";
import { CliProject, goPlatform, type LocalProvider } from "../terraform/support/cli-project";
import { describeClis } from "../terraform/support/clis";
import { runToEnd } from "../terraform/support/plugin-process";
import { useScratch } from "../terraform/support/scratch";
import { readZip } from "../terraform/support/zip";

const NAME = "terraform-provider-yciam";
const DOCUMENTATION = join(__dirname, "../../docs/index.md");
/** What a CLI says, without the line breaks and the frame of a terminal. */
const flat = (text: string) => text.replace(/[\s│╷╵]+/g, " ");
const MAIN = `
terraform {
  required_providers {
    yciam = {
      source  = "yciam/yciam"
      version = "${version}"
    }
  }
}
data "yciam_token_info" "it" {}
output "subject" {
  value = data.yciam_token_info.it.subject_id
}
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
    const zips = built.published.filter((name) => name.endsWith(".zip"));
    expect(zips).to.deep.equal(
      ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"].map(
        (platform) => `${NAME}_${version}_${platform}.zip`,
      ),
    );
    const manifest = `${NAME}_${version}_manifest.json`;
    expect(JSON.parse(read(manifest).toString())).to.deep.equal({
      version: 1,
      metadata: { protocol_versions: ["6.0"] },
    });
    const sums = read(`${NAME}_${version}_SHA256SUMS`).toString().trimEnd().split("\n");
    const sum = (name: string) => createHash("sha256").update(read(name)).digest("hex");
    expect(sums).to.have.members([...zips, manifest].map((name) => `${sum(name)}  ${name}`));
  });

  it("packs a program that may be run, and the package.json that says how to read it", () => {
    const entries = readZip(scratch.path("all", `${NAME}_${version}_linux_amd64.zip`));
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

  it("takes away what an earlier build made, of another version or platform", async () => {
    mkdirSync(scratch.path("twice"));
    writeFileSync(scratch.path("twice", `${NAME}_0.0.1_linux_amd64.zip`), "");
    const { published } = await buildProvider(scratch.path("twice"));
    const own = [`${version}_${goPlatform()}.zip`, `${version}_manifest.json`, `${version}_SHA256SUMS`];
    expect(published).to.have.members(own.map((name) => `${NAME}_${name}`));
  });

  it("is the same, byte for byte, when it is built again", async () => {
    await buildProvider(scratch.path("again"));
    const zip = `${NAME}_${version}_${goPlatform()}.zip`;
    expect(readFileSync(scratch.path("again", zip)).equals(read(zip))).to.equal(true);
  });
});

describeClis("installing yciam", ({ cli, cloud, folders, path }) => {
  const zip = () => path("built", `${NAME}_${version}_${goPlatform()}.zip`);

  const executable = () => {
    const found = pathWith(folders())
      .split(delimiter)
      .find((folder) => existsSync(join(folder, cli)));
    return join(found ?? "", cli);
  };

  function empty(name: string, providers: readonly LocalProvider[] = []): CliProject {
    return new CliProject(cli, folders(), path(name), providers).set(cloud().env).configure(MAIN);
  }

  async function expectToWork(made: CliProject): Promise<void> {
    ok(await made.run(["apply", "-auto-approve"]));
    const { stdout } = ok(await made.run(["output", "-raw", "subject"]));
    expect(stdout).to.equal(cloud().serviceAccountId);
  }

  it("works from a filesystem mirror of zips", async () => {
    const made = empty("packed", [{ type: "yciam", namespace: "yciam", version, archive: zip() }]);
    expect(ok(await made.run(["init"])).stdout).to.contain(`yciam/yciam v${version}`);
    await expectToWork(made);
  });

  it("works with the settings that the documentation gives", async () => {
    const made = empty("documented", [{ type: "yciam", namespace: "yciam", version, archive: zip() }]);
    const settings = /```terraform\n(provider_installation [^]*?)```/.exec(
      readFileSync(DOCUMENTATION, "utf8"),
    )?.[1];
    const mirror = JSON.stringify(join(made.folder, "mirror"));
    writeFileSync(join(made.folder, "cli.tfrc"), settings?.replace('"DIR"', mirror) ?? "");
    ok(await made.run(["init"]));
    await expectToWork(made);
  });

  it("works in a project whose package.json says that it is made of ES modules", async () => {
    const made = empty("modules", [{ type: "yciam", namespace: "yciam", version, archive: zip() }]);
    writeFileSync(join(made.folder, "package.json"), `{"type":"module"}`);
    ok(await made.run(["init"]));
    await expectToWork(made);
  });

  it("works from the folder that the build makes, by dev_overrides and without init", async () => {
    const made = empty("overrides");
    const folder = JSON.stringify(path("built", NAME));
    writeFileSync(
      join(made.folder, "cli.tfrc"),
      `provider_installation {\n  dev_overrides {\n    "yciam/yciam" = ${folder}\n  }\n  direct {}\n}\n`,
    );
    await expectToWork(made);
  });

  it("does not start in the ways that the documentation tells of, in those words", async () => {
    const made = empty("unstarted", [{ type: "yciam", namespace: "yciam", version, archive: zip() }]);
    ok(await made.run(["init"]));
    const noisy = path("noisy.js");
    writeFileSync(noisy, `console.log("hello from a preload")`);
    const preloaded = await made.run(["plan"], { env: { NODE_OPTIONS: `--require=${noisy}` } });
    const bin = path("bin");
    mkdirSync(bin);
    symlinkSync(executable(), join(bin, cli));
    const without = await made.run(["plan"], { env: { PATH: bin } });
    const [refused, silent] = [
      "Unrecognized remote plugin message",
      "Failed to read any lines from plugin's stdout",
    ];
    const documented = readFileSync(DOCUMENTATION, "utf8");
    expect(documented).to.contain(`"${refused}"`).and.contain(`"${silent}"`);
    expect(flat(preloaded.stderr)).to.contain(`${refused}: hello from a preload`);
    expect(flat(without.stderr)).to.contain(`${refused}: ${silent}`);
  });
});
