import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { bareEnvironment } from "../../support/engine-env";
import { type Trace } from "../../support/canary";
import { processesMarked } from "../../support/engine-processes";
import { type CommandResult, runCommand } from "../../support/run-command";
import { unzippedText } from "./zip";

/** The two command lines that serve the same protocol. */
export type Cli = "terraform" | "tofu";

/** A provider under test: its type name, version, and the executable, or a zip of it. */
export interface LocalProvider {
  readonly type: string;
  /** The first half of its source; default "example". */
  readonly namespace?: string;
  readonly version: string;
  readonly executable?: string;
  readonly archive?: string;
}

const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];

/** A folder with a configuration, run by a real CLI with a home of its own and no way to a registry. */
export class CliProject {
  /** Where providers of these tests write what they did, one event a line. */
  readonly eventsFile: string;
  private readonly log: string;
  private readonly variables: Record<string, string> = {};
  private readonly printed: Trace[] = [];

  constructor(
    readonly cli: Cli,
    private readonly cliFolders: readonly string[],
    readonly folder: string,
    providers: readonly LocalProvider[],
  ) {
    mkdirSync(folder, { recursive: true });
    this.eventsFile = join(folder, "events.txt");
    this.log = join(folder, "trace.log");
    const mirror = join(folder, "mirror");
    for (const provider of providers) mirrorProvider(mirror, provider);
    const installation = `provider_installation { filesystem_mirror { path = ${JSON.stringify(mirror)} } }`;
    writeFileSync(join(folder, "cli.tfrc"), installation.replace(/([{}])/g, "$1\n").replace(/}/g, "\n}"));
  }

  /** Sets variables for all runs from now on. */
  set(env: Readonly<Record<string, string>>): this {
    Object.assign(this.variables, env);
    return this;
  }

  /** Writes the configuration. Overwrites the last one. */
  configure(main: string): this {
    writeFileSync(join(this.folder, "main.tf"), main);
    return this;
  }

  /** Runs a subcommand to its end, with a TRACE log of its own. */
  async run(
    args: readonly string[],
    more: { env?: Record<string, string>; signal?: AbortSignal } = {},
  ): Promise<CommandResult> {
    const env = { ...this.env(), TF_LOG: "TRACE", TF_LOG_PATH: this.log, ...more.env };
    const argv = [this.cli, ...args, "-no-color"];
    const result = await runCommand(argv, { env, cwd: this.folder, timeoutMs: 60_000 });
    const { stdout, stderr } = result;
    this.printed.push({ where: `output of ${args.join(" ")}`, text: stdout + stderr });
    return result;
  }

  /** The environment a run gets, log settings aside. */
  env(): Record<string, string> {
    return {
      ...bareEnvironment(this.folder, this.cliFolders),
      TF_CLI_CONFIG_FILE: join(this.folder, "cli.tfrc"),
      TF_IN_AUTOMATION: "1",
      CHECKPOINT_DISABLE: "1",
      DEMO_EVENTS: this.eventsFile,
      ...this.variables,
    };
  }

  /** All that the runs left behind: files of the project (a plan unpacked), logs, and what was printed. */
  traces(): readonly Trace[] {
    const files = readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !/[\\/](mirror|providers)[\\/]/.test(file));
    const textOf = (file: string) =>
      file.endsWith(".plan") ? unzippedText(file) : readFileSync(file, "latin1");
    return [
      ...files.map((file) => ({ where: relative(this.folder, file), text: textOf(file) })),
      ...this.printed,
    ];
  }

  /** Starts a subcommand in a process group of its own, as a shell does. The caller ends it. */
  start(...args: string[]): ChildProcess {
    const { folder: cwd } = this;
    return spawn(this.cli, [...args, "-no-color"], { cwd, env: this.env(), detached: true, stdio: "ignore" });
  }

  /** Ids of the processes that the runs started and that are still there, the CLI among them. */
  processes(): readonly number[] {
    return processesMarked(this.eventsFile);
  }

  /** What providers wrote since the last call. */
  events(): string[] {
    if (!existsSync(this.eventsFile)) return [];
    const lines = readFileSync(this.eventsFile, "utf8").split("\n").filter(Boolean);
    writeFileSync(this.eventsFile, "");
    return lines;
  }

  /** A file of the project as latin-1 text, which keeps every byte; "" when there is none. */
  text(name: string): string {
    const file = join(this.folder, name);
    return existsSync(file) ? readFileSync(file, "latin1") : "";
  }

  /** All that the log of the last runs holds. */
  trace(): string {
    return this.text("trace.log");
  }
}

/** The layout of a filesystem mirror, for whichever registry the CLI has as its own. */
function mirrorProvider(mirror: string, provider: LocalProvider): void {
  const { type, namespace = "example", version, executable, archive } = provider;
  for (const registry of REGISTRIES) {
    const folder = join(mirror, registry, namespace, type);
    const unpacked = join(folder, version, goPlatform());
    mkdirSync(executable ? unpacked : folder, { recursive: true });
    if (executable) symlinkSync(executable, join(unpacked, `terraform-provider-${type}_v${version}`));
    if (archive) symlinkSync(archive, join(folder, basename(archive)));
  }
}

/** This machine in Go's words. */
export function goPlatform(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return `${os}_${process.arch === "x64" ? "amd64" : process.arch}`;
}
