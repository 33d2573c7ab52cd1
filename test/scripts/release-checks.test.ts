import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json";
import names from "../../release.config.json";
import { disagreements, obstacles, staleFiles } from "../../scripts/release/checks.mjs";
import { readConfig } from "../../scripts/release/config.mjs";
import { folderForEach } from "../support/folders";
import { copyRepository } from "../support/repository-copy";

const ROOT = join(__dirname, "../..");
const { version } = manifest;
/** By file, a text in it, and what is put in its place. */
const VERSIONS: readonly [string, string][] = [
  ["package-lock.json", `"version": "${version}"`],
  ["provider/core/words/version.ts", version],
  ["provider/pulumi/schema.json", `"version": "${version}"`],
  ["sdk/python/pyproject.toml", version],
  ["sdk/python/pulumi_yciam/pulumi-plugin.json", version],
  ["sdk/java/pom.xml", `<artifactId>yciam</artifactId>\n  <version>${version}`],
  ["sdk/dotnet/version.txt", version],
  ["sdk/go/yciam/pulumi-plugin.json", version],
  ["sdk/go/yciam/internal/pulumiUtilities.go", version],
  ["README.md", `resource yciam ${version}`],
  ["README.ru.md", `yciam-${version}.tgz`],
];
const GENERATED: readonly [string, string][] = [
  ["README.md", "Attempts after the first"],
  ["docs/data-sources/token.md", "The token is kept"],
  ["provider/pulumi/schema.json", "as secrets"],
  ["sdk/nodejs/generated/args.ts", "All are optional"],
  ["package.json", `${names.repository}/issues`],
];

describe("before a release it is seen", function () {
  this.timeout(120_000);
  const folder = folderForEach();

  function put(path: string, former: string, text: string): void {
    const file = join(folder.path, path);
    const content = readFileSync(file, "utf8");
    expect(content, path).to.contain(former);
    writeFileSync(file, content.replace(former, text));
  }

  it("that version, changelog and documents agree, and where each does not", () => {
    expect(disagreements(ROOT)).to.deep.equal([]);
    copyRepository(folder.path);
    for (const [path, text] of VERSIONS) {
      put(path, text, text.replace(version, "9.9.9"));
      expect(disagreements(folder.path)).to.deep.equal([
        `${path} has version 9.9.9, and package.json ${version}`,
      ]);
      put(path, text.replace(version, "9.9.9"), text);
    }
    put("CHANGELOG.md", `## ${version}`, "## 0.0.1");
    expect(disagreements(folder.path)).to.deep.equal([`CHANGELOG.md has nothing under \`## ${version}\``]);
  });

  it("what is not as it is generated", () => {
    copyRepository(folder.path);
    for (const [path, text] of GENERATED) put(path, text, "Changed");
    const files = staleFiles(folder.path).map((sentence) => /^(\S+) is not what/.exec(sentence)?.[1]);
    expect(files).to.include.members(GENERATED.map(([path]) => path));
    // The SDKs are made from the schema, which was changed.
    expect(files.filter((file) => !file?.startsWith("sdk/"))).to.have.length(GENERATED.length - 1);
  });

  for (const [name, value, says] of [
    ["repository", "https://git.test/me/yciam.git/", /repository must be an address/],
    ["namespace", "Me_", /namespace must be small letters/],
    ["pluginDownloadURL", "ftp://git.test/x", /pluginDownloadURL must be an address of https/],
    ["goModule", "https://git.test/me", /goModule must be a path/],
    ["goModul", "git.test/me", /it knows no goModul/],
    ["pluginDownloadURL", names.repository, /two of its values are the same/],
  ] as const) {
    it(`that release.config.json can be used: not with ${name} ${value}`, () => {
      writeFileSync(join(folder.path, "release.config.json"), JSON.stringify({ ...names, [name]: value }));
      expect(() => readConfig(folder.path)).to.throw(says);
    });
  }

  const good = {
    config: {
      repository: "https://git.test/a",
      namespace: "yciam",
      goModule: "git.test/c",
      dotnetNamespace: "Mine",
    },
    changelog: `## ${version}\n\n- All.\n`,
    version,
    tag: `v${version}`,
    commit: { hash: "abc", isClean: true },
    isSigned: true,
  };
  for (const [change, says] of [
    [{ changelog: `## ${version} (not released)\n\n- All.\n` }, /is not released/],
    [{ tag: "v9.9.9" }, /the tag v9/],
    [{ commit: { isClean: false } }, /no clone/],
    [{ commit: { hash: "abc", isClean: false } }, /not committed/],
    [{ isSigned: false }, /nothing is signed/],
    [
      { config: { a: "https://yciam.example/x", b: "example.x", c: "Example" } },
      /under \.example.*: a, b, c$/,
    ],
  ] as const) {
    it(`what keeps it from being published: ${says.source}`, () => {
      expect(obstacles(good)).to.deep.equal([]);
      expect(obstacles({ ...good, ...change }))
        .to.have.length(1)
        .with.property("0")
        .that.matches(says);
    });
  }

  it("and none is made where something is wrong", () => {
    copyRepository(folder.path);
    put("package.json", `"version": "${version}"`, '"version": "9.9.9"');
    const run = () =>
      execFileSync(process.execPath, ["scripts/release.mjs", "--final"], {
        cwd: folder.path,
        encoding: "utf8",
        stdio: "pipe",
      });
    expect(run).to.throw(/No release is made:\n- package-lock\.json has version/);
  });
});
