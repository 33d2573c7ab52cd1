import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { filesBelow } from "../artefacts/files.mjs";
import { archive } from "../artefacts/tar.mjs";
import { zip } from "../artefacts/zip.mjs";
import { root } from "../root.mjs";
import { sha256 } from "./hashes.mjs";

const SDK = join(root, "sdk/python");

/**
 * The Python package as PyPI takes it: a wheel, and the sources. It has no code to build, so both are its files and what
 * pyproject.toml says. Sources: the formats of wheels and sdists, packaging.python.org.
 * @param {string} aside a folder to work in
 */
export async function pythonPackage(aside) {
  const { project } = parse(readFileSync(join(SDK, "pyproject.toml"), "utf8"));
  const base = `${project.name}-${project.version}`;
  const metadata = metadataOf(project);
  const sources = join(aside, "python");
  rmSync(sources, { recursive: true, force: true });
  const folder = join(sources, base);
  mkdirSync(folder, { recursive: true });
  cpSync(join(SDK, project.name), join(folder, project.name), { recursive: true });
  for (const file of ["pyproject.toml", "README.md"]) copyFileSync(join(SDK, file), join(folder, file));
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  writeFileSync(join(folder, "PKG-INFO"), metadata);
  return [
    { name: `${base}-py3-none-any.whl`, content: await wheel(folder, project, metadata) },
    { name: `${base}.tar.gz`, content: archive(sources, []) },
  ];
}

function wheel(folder, { name, version }, metadata) {
  const info = `${name}-${version}.dist-info`;
  const modules = filesBelow(join(folder, name)).map((file) => `${name}/${file}`);
  const files = [
    ...modules.map((file) => ({ name: file, content: readFileSync(join(folder, file)) })),
    { name: `${info}/licenses/LICENSE`, content: readFileSync(join(folder, "LICENSE")) },
    { name: `${info}/METADATA`, content: Buffer.from(metadata) },
    {
      name: `${info}/WHEEL`,
      content: Buffer.from(
        "Wheel-Version: 1.0\nGenerator: yciam\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
      ),
    },
  ];
  const hash = (content) => sha256(content, "base64url");
  const lines = files.map(({ name: file, content }) => `${file},sha256=${hash(content)},${content.length}\n`);
  const record = { name: `${info}/RECORD`, content: Buffer.from(`${lines.join("")}${info}/RECORD,,\n`) };
  return zip([...files, record]);
}

function metadataOf(project) {
  const lines = [
    ["Metadata-Version", "2.1"],
    ["Name", project.name],
    ["Version", project.version],
    ["Summary", project.description],
    ["License", project.license.text],
    ["Keywords", project.keywords.join(",")],
    ...Object.entries(project.urls).map(([what, url]) => ["Project-URL", `${what}, ${url}`]),
    ["Requires-Python", project["requires-python"]],
    ...project.dependencies.map((dependency) => ["Requires-Dist", dependency]),
    ["Description-Content-Type", "text/markdown"],
  ];
  const readme = readFileSync(join(SDK, project.readme), "utf8");
  return `${lines.map(([name, value]) => `${name}: ${value}\n`).join("")}\n${readme}`;
}
