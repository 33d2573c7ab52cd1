import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import release from "../../../release.config.json";
import { ok, runCommand } from "../../support/run-command";
import { readTree } from "../../support/pulumi-files";

const SDK = join(__dirname, "../../../sdk/java/src/main");
const PROGRAM = join(__dirname, "java/Program.java");

/** What a program is made with: the folder of the JDK's programs, and that of the jars which the SDK needs. */
export interface JavaParts {
  readonly jdk: string;
  readonly jars: string;
}

/**
 * Compiles Program.java against the SDK's jar, or else with the sources of the SDK, into `program.jar` of a folder.
 * @param sdk the jar's path
 */
export async function compileJavaProgram(
  { jdk, jars }: JavaParts,
  folder: string,
  sdk?: string,
): Promise<void> {
  const [sources, classes] = [join(folder, "sources"), join(folder, "classes")];
  mkdirSync(sources, { recursive: true });
  if (sdk === undefined) {
    cpSync(join(SDK, "java"), sources, { recursive: true });
    cpSync(join(SDK, "resources"), classes, { recursive: true });
  }
  const text = readFileSync(PROGRAM, "utf8");
  writeFileSync(join(sources, "Program.java"), text.replaceAll("example.yciam.", `${release.javaPackage}.`));
  const needed = [...(sdk === undefined ? [] : [sdk]), ...readdirSync(jars).map((name) => join(jars, name))];
  const files = [...readTree(sources).keys()].map((path) => join(sources, path));
  await inFolder(folder, [join(jdk, "javac"), "-nowarn", "-d", classes, "-cp", needed.join(":"), ...files]);
  writeFileSync(join(folder, "manifest"), manifest(needed.map((file) => pathToFileURL(file).href)));
  await inFolder(folder, [join(jdk, "jar"), "cfm", "program.jar", "manifest", "-C", classes, "."]);
}

async function inFolder(cwd: string, argv: readonly string[]): Promise<void> {
  ok(await runCommand(argv, { cwd, env: process.env as Record<string, string> }));
}

/** A line of a manifest has at most 72 bytes; a space begins one that goes on. */
function manifest(classPath: readonly string[]): string {
  const lines = ["Main-Class: Program", `Class-Path: ${classPath.join(" ")}`];
  return lines.map((line) => `${line.replace(/.{70}/g, "$&\n ")}\n`).join("");
}
