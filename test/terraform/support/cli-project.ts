import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { bareEnvironment } from "../../support/engine-env";
import { type Trace } from "../../support/canary";
import { processesMarked } from "../../support/engine-processes";
import { type CommandResult, ok, runCommand } from "../../support/run-command";
import { unzippedText } from "./zip";

/** The two command lines that serve the same protocol. */
export type Cli = "terraform" | "tofu";

/** What a CLI says of a mistake, in its JSON form. */
export interface CliDiagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  /** What it points to. */
  readonly range?: { readonly start: { readonly line: number } };
}

/** A folder with a configuration, run by a real CLI with a home of its own. */
export class CliProject {
  /** Where providers of these tests write what they did, one event a line. */
  readonly eventsFile: string;
  private readonly log: string;
  private readonly variables: Record<string, string> = {};
  private readonly printed: Trace[] = [];

  /** @param installation where the CLI finds providers: what its settings have in provider_installation */
  constructor(
    readonly cli: Cli,
    private readonly cliFolders: readonly string[],
    readonly folder: string,
    installation: string,
  ) {
    mkdirSync(folder, { recursive: true });
    this.eventsFile = join(folder, "events.txt");
    this.log = join(folder, "trace.log");
    writeFileSync(join(folder, "cli.tfrc"), `provider_installation {\n${installation}\n}\n`);
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
  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    const all = { ...this.env(), TF_LOG: "TRACE", TF_LOG_PATH: this.log, ...env };
    const argv = [this.cli, ...args, "-no-color"];
    const result = await runCommand(argv, { env: all, cwd: this.folder, timeoutMs: 60_000 });
    const { stdout, stderr } = result;
    this.printed.push({ where: `output of ${args.join(" ")}`, text: stdout + stderr });
    return result;
  }

  /** What `validate` or `plan` finds wrong. */
  async diagnostics(
    command: "validate" | "plan",
    env?: Readonly<Record<string, string>>,
  ): Promise<readonly CliDiagnostic[]> {
    const { stdout } = await this.run([command, "-json"], env);
    if (command === "validate") return (JSON.parse(stdout) as { diagnostics: CliDiagnostic[] }).diagnostics;
    const lines = stdout.trim().split("\n");
    return lines.flatMap((line) => (JSON.parse(line) as { diagnostic?: CliDiagnostic }).diagnostic ?? []);
  }

  /** The outputs after an apply. */
  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const { stdout } = ok(await this.run(["output", "-json"]));
    const all = JSON.parse(stdout) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value]));
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
      .map((entry) => join(entry.parentPath, entry.name));
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

  /** What providers wrote. */
  events(): string[] {
    if (!existsSync(this.eventsFile)) return [];
    return readFileSync(this.eventsFile, "utf8").split("\n").filter(Boolean);
  }

  /** All that the log of the last runs holds. */
  trace(): string {
    return readFileSync(this.log, "latin1");
  }
}
