import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { stringify } from "yaml";

const ROOT = join(__dirname, "../..");

/** The languages that programs of tests are written in. */
export type ProgramRuntime = "nodejs" | "python" | "yaml" | "go" | "java";

/** What a Pulumi project of a test is made of. */
export interface ProjectFiles {
  /** Default `yciam-e2e`. */
  readonly name?: string;
  /** Default `nodejs`. */
  readonly runtime?: ProgramRuntime;
  /** More keys of Pulumi.yaml: `main`, `plugins`, `resources`, `outputs`... */
  readonly pulumiYaml?: Readonly<Record<string, unknown>>;
  /** Files to write, by path inside the project. */
  readonly files?: Readonly<Record<string, string>>;
  /** A folder to copy first; a Pulumi.yaml in it is kept when `pulumiYaml` is not given. */
  readonly copyFrom?: string;
  /**
   * A folder to run as it is: its entries are linked, and nothing else is written, so that the settings file which
   * the engine puts beside Pulumi.yaml lands in the temporary folder and not in the one that is linked.
   */
  readonly linkFrom?: string;
  /** npm packages that the program may import; default `@pulumi/pulumi` and `yciam`. */
  readonly packages?: readonly string[];
}

/** A program in Java is compiled by its test, into this file of the project's folder. */
const JAVA = { name: "java", options: { binary: "program.jar" } };

function linkPackage(projectDir: string, name: string): void {
  const target = name === "yciam" ? ROOT : join(ROOT, "node_modules", name);
  const link = join(projectDir, "node_modules", name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(target, link, "dir");
}

function write(projectDir: string, path: string, text: string): void {
  const file = join(projectDir, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Writes a project into an empty folder: Pulumi.yaml, the program, and links to the packages it imports. */
export function writeProject(projectDir: string, options: ProjectFiles): void {
  if (options.linkFrom) return linkEntries(projectDir, options.linkFrom);
  if (options.copyFrom) cpSync(options.copyFrom, projectDir, { recursive: true, filter: isSource });
  const runtime = options.runtime ?? "nodejs";
  if (!options.copyFrom || options.pulumiYaml) {
    const named = runtime === "java" ? JAVA : runtime;
    const whole = { name: options.name ?? "yciam-e2e", runtime: named, ...options.pulumiYaml };
    // Pulumi's YAML has no aliases.
    write(projectDir, "Pulumi.yaml", stringify(whole, { aliasDuplicateObjects: false }));
  }
  if (runtime === "nodejs") {
    write(projectDir, "package.json", `${JSON.stringify({ private: true, main: "index.ts" })}\n`);
    (options.packages ?? ["@pulumi/pulumi", "yciam"]).forEach((name) => linkPackage(projectDir, name));
  }
  Object.entries(options.files ?? {}).forEach(([path, text]) => write(projectDir, path, text));
}

function linkEntries(projectDir: string, source: string): void {
  const entries = readdirSync(source).filter((name) => name !== ".git" && !/^Pulumi\..+\.yaml$/.test(name));
  entries.forEach((name) => symlinkSync(join(source, name), join(projectDir, name)));
}

function isSource(path: string): boolean {
  return !path.endsWith("node_modules");
}

/** Every file under a folder, as text, by its path inside it. */
export function readTree(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path, "utf8")]));
}
