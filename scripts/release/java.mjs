import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { manifest } from "../artefacts/bundle.mjs";
import { cacheDirOf } from "../cache-folder.mjs";
import { runQuietly } from "../child.mjs";
import { report } from "../progress.mjs";
import { root } from "../root.mjs";

const SDK = join(root, "sdk/java");

function missing() {
  return ["javac", "mvn"].find((program) => spawnSync(program, ["-version"]).error !== undefined);
}

/**
 * The Java package in a folder `maven/`, which is a Maven repository: the jar, those of its sources and documentation,
 * and the pom. Maven Central takes the same, with signatures. None where there is no JDK or no Maven.
 * @param {string} group as release.config.json names it
 * @param {string} aside a folder to work in
 */
export async function javaPackage(group, aside) {
  const program = missing();
  if (program !== undefined) {
    report("release", `no ${program} on PATH: the Java package is left out, and its sources are in sdk/java`);
    return [];
  }
  const folder = join(aside, "java");
  for (const part of ["src", "pom.xml"]) cpSync(join(SDK, part), join(folder, part), { recursive: true });
  mkdirSync(join(folder, "src/main/resources/META-INF"));
  copyFileSync(join(root, "LICENSE"), join(folder, "src/main/resources/META-INF/LICENSE"));
  const repository = `-Dmaven.repo.local=${join(cacheDirOf(process.env), "maven")}`;
  await runQuietly("mvn", ["-q", "-B", "-f", join(folder, "pom.xml"), repository, "package"]);
  const base = `yciam-${manifest.version}`;
  const jars = ["", "-sources", "-javadoc"].map((kind) => `${base}${kind}.jar`);
  const files = jars.map((name) => ({ name, content: readFileSync(join(folder, "target", name)) }));
  const pom = { name: `${base}.pom`, content: readFileSync(join(SDK, "pom.xml")) };
  const at = `maven/${group.replaceAll(".", "/")}/yciam/${manifest.version}`;
  return [...files, pom].flatMap(({ name, content }) => [
    { name: `${at}/${name}`, content },
    { name: `${at}/${name}.sha1`, content: Buffer.from(createHash("sha1").update(content).digest("hex")) },
  ]);
}
