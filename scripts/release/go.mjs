import { readFileSync } from "node:fs";
import { join } from "node:path";
import { manifest } from "../artefacts/bundle.mjs";
import { filesBelow } from "../artefacts/files.mjs";
import { zip } from "../artefacts/zip.mjs";
import { root } from "../root.mjs";

const SDK = join(root, "sdk/go");
/** The time of a version must be said, and that of a build would differ from one to the next. */
const TIME = "1980-01-01T00:00:00Z";

/**
 * The Go module as a module proxy serves it (`go help goproxy`): a folder `go/` for GOPROXY, with one version.
 * @param {string} path the module's, as release.config.json names it
 */
export async function goModule(path) {
  const version = `v${manifest.version}`;
  const files = filesBelow(SDK).filter((name) => !name.startsWith("."));
  const licence = { name: "LICENSE", content: readFileSync(join(root, "LICENSE")) };
  const contents = [...files.map((name) => ({ name, content: readFileSync(join(SDK, name)) })), licence];
  const packed = await zip(
    contents.map(({ name, content }) => ({ name: `${path}@${version}/${name}`, content })),
  );
  // Capital letters are written as `!` and the small one, for file systems that know no difference.
  const folder = `go/${path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`)}/@v`;
  return [
    { name: `${folder}/list`, content: Buffer.from(`${version}\n`) },
    {
      name: `${folder}/${version}.info`,
      content: Buffer.from(JSON.stringify({ Version: version, Time: TIME })),
    },
    { name: `${folder}/${version}.mod`, content: readFileSync(join(SDK, "go.mod")) },
    { name: `${folder}/${version}.zip`, content: packed },
  ];
}
