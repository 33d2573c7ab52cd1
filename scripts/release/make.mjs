import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { manifest } from "../artefacts/bundle.mjs";
import { bundlePrograms, compile, licencesOf } from "../artefacts/compile.mjs";
import { filesBelow } from "../artefacts/files.mjs";
import { npm } from "../npm.mjs";
import { during } from "../progress.mjs";
import { root } from "../root.mjs";
import { packExecutable } from "./archives.mjs";
import { releaseNotes } from "./changelog.mjs";
import { extras } from "./extras.mjs";
import { goModule } from "./go.mjs";
import { sha256, sums } from "./hashes.mjs";
import { javaPackage } from "./java.mjs";
import { signAdHoc } from "./macos.mjs";
import { provenance } from "./provenance.mjs";
import { pythonPackage } from "./python.mjs";
import { sbom } from "./sbom.mjs";
import { mirrorFiles, registryFiles } from "./terraform.mjs";

/**
 * Makes a release in a folder, which is replaced when all of it is made.
 * @param {object} how
 * @param {string} how.out
 * @param {readonly (typeof import("../platforms.mjs").PLATFORMS)[number][]} how.platforms those to make executables for
 * @param {Readonly<Record<string, string>>} how.config release.config.json
 * @param {{ hash: string | undefined, isClean: boolean }} how.commit the one that it is made from
 * @param {((content: Buffer) => Promise<Buffer>) | undefined} how.sign
 */
export async function makeRelease({ out, ...how }) {
  const [made, aside] = ["made", "aside"].map((name) => `${out}.${name}.${process.pid}`);
  try {
    [made, aside].forEach((folder) => mkdirSync(folder, { recursive: true }));
    await fill(writer(made), { ...how, aside });
    rmSync(out, { recursive: true, force: true });
    renameSync(made, out);
  } finally {
    [made, aside].forEach((folder) => rmSync(folder, { recursive: true, force: true }));
  }
}

/** Writes the files of a release into a folder, and reads what it wrote. */
function writer(folder) {
  const put = (name, content) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  const read = (name) => readFileSync(join(folder, name));
  return {
    put,
    putAll: (files) => files.forEach(({ name, content }) => put(name, content)),
    link: ({ name, to }) => linkSync(join(folder, to), join(folder, name)),
    read,
    /** All but signatures, which differ from one run to the next. */
    hashes: () =>
      filesBelow(folder)
        .filter((name) => !name.endsWith(".sig"))
        .map((name) => ({ name, sha256: sha256(read(name)) })),
  };
}

async function fill(files, { aside, platforms, config, commit, sign }) {
  files.putAll(await portableFiles(config, aside));
  const { plugins, parts } = await putExecutables(platforms, aside, files);
  const zips = plugins.map((plugin) => ({ ...plugin, content: files.read(plugin.name) }));
  files.putAll(await registryFiles(zips, sign));
  const mirror = mirrorFiles(zips, config.namespace);
  files.putAll(mirror.texts);
  mirror.links.forEach(files.link);
  files.putAll([sbom(parts, platforms, config)]);
  files.putAll([provenance(files.hashes(), platforms, config, commit)]);
  await putSums(files, sign);
}

/** What is the same for every platform: the packages for Node, Python and Go, and the notes. */
export async function portableFiles(config, aside) {
  await npm("pack", "--silent", "--pack-destination", aside);
  const [name] = readdirSync(aside).filter((file) => file.endsWith(".tgz"));
  const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");
  return [
    { name, content: readFileSync(join(aside, name)) },
    ...(await pythonPackage(aside)),
    ...(await goModule(config.goModule)),
    ...(await javaPackage(config.javaPackage, aside)),
    releaseNotes(changelog, manifest.version),
  ];
}

async function putExecutables(platforms, aside, { put }) {
  const bundled = join(aside, "bundled");
  const parts = await bundlePrograms(bundled);
  const packing = { licences: licencesOf(parts), aside: join(aside, "packed"), extras: extras() };
  const plugins = [];
  for (const platform of platforms) {
    const make = async () => {
      const executable = await compile(bundled, platform);
      if (platform.os === "darwin") signAdHoc(executable, "yciam");
      plugins.push(await packExecutable(platform, { ...packing, executable }, put));
      rmSync(executable);
    };
    await during("release", `the executable for ${platform.name}`, make);
  }
  return { plugins, parts };
}

/** The checksums of what people download: what lies in the folder itself. */
async function putSums({ hashes, put }, sign) {
  const name = `yciam_${manifest.version}_SHA256SUMS`;
  const content = sums(hashes().filter((file) => !file.name.includes("/")));
  put(name, content);
  if (sign !== undefined) put(`${name}.sig`, await sign(content));
}
