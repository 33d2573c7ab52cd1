import { expect } from "chai";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ok } from "../support/run-command";
import { goPlatform } from "../terraform/support/built";
import { CliProject } from "../terraform/support/cli-project";
import { describeClis } from "../terraform/support/clis";
import { type Answer, RELEASE, releaseKey, serve, type Site, version } from "./released";

const NAME = `terraform-provider-yciam_${version}`;
const PLATFORMS = ["darwin_arm64", goPlatform(), "windows_amd64"];
const MAIN = `
data "yciam_token_info" "it" {}
output "subject" { value = data.yciam_token_info.it.subject_id }
`;
const required = (source: string) => `
terraform {
  required_providers {
    yciam = { source = "${source}", version = "${version}" }
  }
}
${MAIN}`;

/** What a registry answers beside the files: discovery, versions, and where the download of a platform is. */
function registry(signature: () => string): Answer {
  const [os, arch] = goPlatform().split("_");
  const zip = `${NAME}_${goPlatform()}.zip`;
  const answers: Readonly<Record<string, (url: string) => object>> = {
    "/.well-known/terraform.json": () => ({ "providers.v1": "/v1/providers/" }),
    "/v1/providers/yciam/yciam/versions": () => ({
      versions: [{ version, protocols: protocols(), platforms: [{ os, arch }] }],
    }),
    [`/v1/providers/yciam/yciam/${version}/download/${os}/${arch}`]: (url) => ({
      protocols: protocols(),
      os,
      arch,
      filename: zip,
      download_url: `${url}/${zip}`,
      shasums_url: `${url}/${NAME}_SHA256SUMS`,
      shasums_signature_url: `${url}/${signature()}`,
      shasum: readFileSync(join(RELEASE, `${NAME}_SHA256SUMS`), "utf8")
        .split("\n")
        .find((line) => line.endsWith(zip))
        ?.slice(0, 64),
      signing_keys: { gpg_public_keys: [{ key_id: "", ascii_armor: releaseKey() }] },
    }),
  };
  return (path, url) => answers[path]?.(url);
}

const protocols = () =>
  (
    JSON.parse(readFileSync(join(RELEASE, `${NAME}_manifest.json`), "utf8")) as {
      metadata: { protocol_versions: string[] };
    }
  ).metadata.protocol_versions;

describeClis("the release, installed by", ({ cli, cloud, folders, path }) => {
  let site: Site;
  let signature = `${NAME}_SHA256SUMS.sig`;
  before(async () => {
    site = await serve(
      RELEASE,
      registry(() => signature),
    );
  });
  after(() => site.close());

  /** A project in an empty home, with no Node on PATH, whose CLI trusts the site. */
  function project(name: string, source: string, settings: string): CliProject {
    const made = new CliProject(cli, folders(), path(name), settings).configure(required(source));
    writeFileSync(join(made.folder, "authority.pem"), site.authority);
    return made.set({
      ...cloud().env,
      SSL_CERT_FILE: join(made.folder, "authority.pem"),
      PATH: folders().join(":"),
    });
  }

  async function works(made: CliProject): Promise<void> {
    expect(ok(await made.run(["init"])).stdout).to.contain(`yciam v${version}`);
    ok(await made.run(["apply", "-auto-approve"]));
    expect(await made.outputs()).to.deep.equal({ subject: cloud().serviceAccountId });
  }

  it("a network mirror, which locks it for three platforms", async () => {
    const made = project("mirror", "yciam/yciam", `network_mirror { url = "${site.url}/mirror/" }`);
    await works(made);
    const platforms = PLATFORMS.map((platform) => `-platform=${platform}`);
    ok(await made.run(["providers", "lock", `-net-mirror=${site.url}/mirror/`, ...platforms]));
    const lock = readFileSync(join(made.folder, ".terraform.lock.hcl"), "utf8");
    expect(lock.match(/"h1:/g), "one hash for each").to.have.length(PLATFORMS.length);
  });

  it("the mirror that is implied, with no settings", async () => {
    const made = project("implied", "yciam/yciam", "");
    const host = cli === "tofu" ? "registry.opentofu.org" : "registry.terraform.io";
    const mirror = join(made.folder, ".terraform.d/plugins", host, "yciam/yciam");
    mkdirSync(mirror, { recursive: true });
    const zip = readdirSync(RELEASE).find((name) => name === `${NAME}_${goPlatform()}.zip`) ?? "none";
    copyFileSync(join(RELEASE, zip), join(mirror, basename(zip)));
    made.set({ TF_CLI_CONFIG_FILE: "" });
    await works(made);
  });

  it("the protocol of registries, by a signature that is checked", async () => {
    const source = `${site.host}/yciam/yciam`;
    await works(project("registry", source, "direct {}"));
    signature = `${NAME}_SHA256SUMS`;
    const { code, stderr } = await project("forged", source, "direct {}").run(["init"]);
    signature = `${NAME}_SHA256SUMS.sig`;
    expect(code).to.equal(1);
    expect(stderr).to.match(/signature/);
  });
});
