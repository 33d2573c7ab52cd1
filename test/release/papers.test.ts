import { expect } from "chai";
import Ajv, { type AnySchema } from "ajv";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { extract } from "tar";
import { readConfig } from "../../scripts/release/config.mjs";
import { portableFiles } from "../../scripts/release/make.mjs";
import { folderForEach } from "../support/folders";
import { runCommand } from "../support/run-command";
import { RELEASE, version } from "./released";

const ROOT = join(__dirname, "../..");
const read = (name: string) => readFileSync(join(RELEASE, name), "utf8");
const hashOf = (name: string) =>
  createHash("sha256")
    .update(readFileSync(join(RELEASE, name)))
    .digest("hex");
const names = (text: string) => Array.from(text.matchAll(/^(\S+) (\d[\w.-]*): \S.*$/gm), ([, name]) => name);

interface Bom {
  readonly components: readonly { readonly type: string; readonly name: string; readonly purl: string }[];
}
interface Statement {
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
}

/** Says what is wrong with a document by the schema of CycloneDX. */
function validate(bom: unknown): unknown {
  const library = dirname(createRequire(__filename).resolve("@cyclonedx/cyclonedx-library/package.json"));
  const schema = (name: string) =>
    JSON.parse(readFileSync(join(library, `res/schema/${name}.SNAPSHOT.schema.json`), "utf8")) as AnySchema;
  const ajv = new Ajv({ strict: false, validateFormats: false });
  for (const name of ["spdx", "jsf-0.82"])
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  const check = ajv.compile(schema("bom-1.6"));
  return check(bom) ? undefined : check.errors;
}

describe("the papers of a release", function () {
  this.timeout(120_000);
  const folder = folderForEach();
  const files = () =>
    readdirSync(RELEASE, { recursive: true, encoding: "utf8" }).filter((name) =>
      statSync(join(RELEASE, name)).isFile(),
    );

  it("name in CycloneDX what is bundled in executables and programs for Node, and the runtimes", () => {
    const bom = JSON.parse(read(`yciam_${version}_sbom.cdx.json`)) as Bom;
    expect(validate(bom)).to.equal(undefined);
    expect(validate({ ...bom, components: [{ type: "libary", name: "a" }] })).to.be.an("array");
    const of = (type: string) => bom.components.filter((one) => one.type === type).map(({ name }) => name);
    unpack(`yciam-${version}.tgz`);
    const noticed = names(readFileSync(join(folder.path, "package/dist/THIRD_PARTY_NOTICES.txt"), "utf8"));
    expect(of("library")).to.include.members(["got", "commander", "@grpc/grpc-js"]).and.have.members(noticed);
    expect(of("library")).to.include("jose").and.not.include("esbuild");
    expect(of("platform")).to.have.length(
      files().filter((name) => /^pulumi-resource-yciam-v/.test(name)).length,
    );
  });

  const unpack = (name: string) => extract({ file: join(RELEASE, name), cwd: folder.path, sync: true });

  it("state of all files from what they were made, and sum up what is downloaded", () => {
    const sums = `yciam_${version}_SHA256SUMS`;
    const papers = [sums, `yciam_${version}_provenance.json`];
    const statement = JSON.parse(read(papers[1] as string)) as Statement;
    const made = files().filter((name) => !name.endsWith(".sig"));
    const stated = statement.subject.map(({ name }) => name);
    expect(stated).to.have.members(made.filter((name) => !papers.includes(name)));
    for (const { name, digest } of statement.subject) expect(digest.sha256, name).to.equal(hashOf(name));
    const text = JSON.stringify(statement);
    expect(text)
      .to.match(/"buildType":"https:.*package-lock\.json.*pkg:npm\/%40oven/)
      .and.not.contain(ROOT);
    const downloads = made.filter((name) => !name.includes("/") && name !== sums).sort();
    expect(read(sums)).to.equal(downloads.map((name) => `${hashOf(name)}  ${name}\n`).join(""));
    expect(files()).to.include.members([`${sums}.sig`]);
  });

  it("are the notes of this version, a manual page, completions, and the licences, beside the command", async () => {
    expect(read("RELEASE_NOTES.md"))
      .to.match(/^# yciam 0\.1\.0\n\n- /)
      .and.not.match(/^## /m);
    unpack(`yciam_${version}_darwin_arm64.tar.gz`);
    const page = join(folder.path, "man/yciam.1");
    expect(readFileSync(page, "utf8"))
      .to.match(/^\.TH YCIAM 1 /)
      .and.match(/^\.B \\-\\-min\\-remaining\\-validity /m);
    expect(readdirSync(folder.path)).to.include.members(["LICENSE", "THIRD_PARTY_NOTICES.txt"]);
    const shells = readdirSync(join(folder.path, "completions"));
    expect(shells.sort()).to.deep.equal(["bash", "fish", "ps1", "zsh"].map((end) => `yciam.${end}`));
    for (const file of shells)
      expect(readFileSync(join(folder.path, "completions", file), "utf8")).to.match(
        /(--| -l )min-remaining-validity/,
      );
    const { stdout, stderr } = await roff(page);
    expect(stderr).to.equal("");
    expect(stdout).to.match(/yciam explain/);
  });

  it("and what needs no compiler are the same at a second run, byte for byte", async () => {
    const again = await portableFiles(readConfig(ROOT), folder.path);
    expect(again.map(({ name }) => name)).to.include.members([`yciam-${version}.tgz`, "RELEASE_NOTES.md"]);
    for (const { name, content } of again)
      expect(content.equals(readFileSync(join(RELEASE, name))), name).to.equal(true);
  });

  /** The page as a reader sees it; as it is, where nothing shows one here. */
  function roff(page: string): Promise<{ stdout: string; stderr: string }> {
    const groff = ["groff", "-man", "-Tascii", "-P-cbou", "-ww", page];
    return runCommand(groff, { cwd: folder.path, env: { PATH: process.env.PATH ?? "" } }).catch(() => ({
      stdout: readFileSync(page, "utf8"),
      stderr: "",
    }));
  }
});
