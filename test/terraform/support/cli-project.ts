import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bareEnvironment } from "../../support/engine-env";
import { type CommandResult, runCommand } from "../../support/run-command";

/** The two command lines that serve the same protocol. */
export type Cli = "terraform" | "tofu";

/** A provider under test: its type name, version, and the executable. */
export interface LocalProvider {
  readonly type: string;
  /** The first half of its source; default "example". */
  readonly namespace?: string;
  readonly version: string;
  readonly executable: string;
}

const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];

/** A folder with a configuration, run by a real CLI with a home of its own and no way to a registry. */
export class CliProject {
  /** Where providers of these tests write what they did, one event a line. */
  readonly eventsFile: string;
  private readonly log: string;

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

  /** Writes the configuration. Overwrites the last one. */
  configure(main: string): this {
    writeFileSync(join(this.folder, "main.tf"), main);
    return this;
  }

  /** Runs a subcommand to its end, with a TRACE log of its own. */
  run(
    args: readonly string[],
    more: { env?: Record<string, string>; signal?: AbortSignal } = {},
  ): Promise<CommandResult> {
    const env = { ...this.env(), TF_LOG: "TRACE", TF_LOG_PATH: this.log, ...more.env };
    return runCommand([this.cli, ...args, "-no-color"], { env, cwd: this.folder, timeoutMs: 60_000 });
  }

  /** The environment a run gets, log settings aside. */
  env(): Record<string, string> {
    return {
      ...bareEnvironment(this.folder, this.cliFolders),
      TF_CLI_CONFIG_FILE: join(this.folder, "cli.tfrc"),
      TF_IN_AUTOMATION: "1",
      CHECKPOINT_DISABLE: "1",
      DEMO_EVENTS: this.eventsFile,
    };
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

/** The layout of an unpacked filesystem mirror, for whichever registry the CLI has as its own. */
function mirrorProvider(mirror: string, provider: LocalProvider): void {
  const { type, namespace = "example", version, executable } = provider;
  for (const registry of REGISTRIES) {
    const folder = join(mirror, registry, namespace, type, version, goPlatform());
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length === 0)
      symlinkSync(executable, join(folder, `terraform-provider-${type}_v${version}`));
  }
}

/** This machine in Go's words. */
function goPlatform(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return `${os}_${process.arch === "x64" ? "amd64" : process.arch}`;
}
