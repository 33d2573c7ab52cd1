import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../support/run-command";
import { installAtomically } from "./install";
import { which } from "./on-path";
import type { Setting } from "./setting";

const FETCH_TIMEOUT_MS = 10 * 60_000;
const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

/** What the generated SDK needs is said where Maven reads it. */
const pomOf = (setting: Setting): string => join(setting.modulesDir, "../../sdk/java/pom.xml");

/** The folder of the jars that the Java SDK needs: its name is the digest of the file that names them. */
export function jarsDir(setting: Setting): string {
  const hash = createHash("sha256").update(readFileSync(pomOf(setting)));
  return join(setting.cacheDir, "java", hash.digest("hex").slice(0, 20));
}

/** Whether the jars are there. */
export function hasJars(setting: Setting): boolean {
  return existsSync(jarsDir(setting));
}

/** Fetches the jars with Maven, in a repository of ours. Answers undefined, or why they cannot be had. */
export async function fetchJars(setting: Setting): Promise<string | undefined> {
  const maven = which("mvn", setting.env);
  if (maven === undefined) return "no mvn on PATH";
  const run = async (scratch: string): Promise<string> => {
    const jars = join(scratch, "jars");
    const places = [`-Dmaven.repo.local=${join(setting.cacheDir, "maven")}`, `-DoutputDirectory=${jars}`];
    const argv = [maven, "-q", "-B", "-f", pomOf(setting), ...places, "-DincludeScope=runtime", COPY];
    const { code, stdout, stderr } = await runCommand(argv, {
      env: setting.env,
      timeoutMs: FETCH_TIMEOUT_MS,
    });
    if (code === 0) return jars;
    throw new Error((stdout + stderr).trim().split("\n").slice(0, 3).join(" "));
  };
  return installAtomically(jarsDir(setting), run).then(
    () => undefined,
    (error: Error) => `mvn failed: ${error.message}`,
  );
}
