// What must be right before a release is made, and what before one is published.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "../artefacts/files.mjs";
import { sectionOf } from "./changelog.mjs";
import { placeholders } from "./config.mjs";

/** Where the version stands besides package.json. Each place that the pattern finds must have it. */
const VERSIONS = [
  ["package-lock.json", /^\{\n {2}"name": "[^"]*",\n {2}"version": "([^"]*)"/g],
  ["provider/core/words/version.ts", /VERSION = "([^"]*)"/g],
  ["provider/pulumi/schema.json", /^ {2}"version": "([^"]*)"/gm],
  ["sdk/python/pyproject.toml", /^ *version = "([^"]*)"/gm],
  ["sdk/java/pom.xml", /<artifactId>yciam<\/artifactId>\s*<version>([^<]*)</g],
  ["sdk/go/yciam/internal/pulumiUtilities.go", /semver\.MustParse\("(\d[^"]*)"\)/g],
];
/** What of the SDKs is for the engine; where it is depends on the language. */
const OF_SDKS = [
  [/(^|\/)(pulumi-)?plugin\.json$/, /"version": "([^"]*)"/g],
  [/(^|\/)version\.txt$/, /^(\S+)/g],
];
/** How documents name what is released: `yciam-0.1.0.tgz`, `resource yciam 0.1.0`, `terraform-provider-yciam_0.1.0_`. */
const IN_DOCUMENTS = /\byciam(?:[-_ @]v?|" version = ")(\d+\.\d+\.\d+)/g;
const DOCUMENTS = ["README.md", "README.ru.md", "SECURITY.md", "CONTRIBUTING.md"];

/**
 * Where version, changelog and documents do not agree in a clone; a release is not made then.
 * @returns {readonly string[]} a sentence for each place
 */
export function disagreements(root) {
  const read = (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : "");
  const { version } = JSON.parse(read("package.json"));
  const documents = [...DOCUMENTS, ...pagesIn(root)].map((path) => [path, IN_DOCUMENTS]);
  const wrong = [...VERSIONS, ...placesInSdks(root), ...documents].flatMap(([path, pattern]) => {
    const found = Array.from(read(path).matchAll(pattern), ([, one]) => one);
    const missing = found.length === 0 && pattern !== IN_DOCUMENTS ? ["none"] : [];
    const others = [...new Set(found), ...missing].filter((one) => one !== version);
    return others.map((one) => `${path} has version ${one}, and package.json ${version}`);
  });
  const section = sectionOf(read("CHANGELOG.md"), version);
  if (!section?.text) wrong.push(`CHANGELOG.md has nothing under \`## ${version}\``);
  return wrong;
}

function placesInSdks(root) {
  const files = filesBelow(join(root, "sdk")).map((file) => `sdk/${file}`);
  return OF_SDKS.flatMap(([name, pattern]) =>
    files.filter((file) => name.test(file)).map((file) => [file, pattern]),
  );
}

function pagesIn(root) {
  const pages = existsSync(join(root, "docs")) ? readdirSync(join(root, "docs"), { recursive: true }) : [];
  return pages.filter((page) => page.endsWith(".md")).map((page) => join("docs", page));
}

/**
 * What `npm run generate` would write otherwise; a release is not made then.
 * @returns {readonly string[]} a sentence for each file
 */
export function staleFiles(root) {
  const args = ["-r", "ts-node/register/transpile-only", "scripts/generate-check.ts", "--sdks"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  const stale = stdout.split("\n").filter(Boolean);
  if (status !== 0 && stale.length === 0) throw new Error(`what is generated cannot be looked at: ${stderr}`);
  return stale.map((path) => `${path} is not what \`npm run generate\` writes`);
}

/**
 * What keeps a release from being published: it can be made all the same, to be tried.
 * @returns {readonly string[]} a sentence for each
 */
export function obstacles({ config, changelog, version, tag, commit, isSigned }) {
  const names = placeholders(config);
  return [
    tag !== undefined && tag !== `v${version}` && `the tag ${tag} is not that of version ${version}`,
    !sectionOf(changelog, version)?.isReleased && `CHANGELOG.md says that ${version} is not released`,
    commit.hash === undefined && "this is no clone of git, so that the provenance names no commit",
    commit.hash !== undefined &&
      !commit.isClean &&
      "there are changes that are not committed, so that the provenance names no commit",
    !isSigned && "there is no key in YCIAM_RELEASE_KEY, so that nothing is signed",
    names.length > 0 &&
      `release.config.json has names under .example, which nobody can own: ${names.join(", ")}`,
  ].filter(Boolean);
}
