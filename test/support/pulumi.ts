import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bareEnvironment, dynamicProviderFolder, engineFolders } from "./engine-env";
import { killLeft } from "./engine-processes";
import { type ProjectFiles, readTree, writeProject } from "./pulumi-files";
import { type CommandOptions, type CommandResult, ok, runCommand } from "./run-command";

/** A project of a test, and how the engine is run on it. */
export interface PulumiProjectOptions extends ProjectFiles {
  /** Variables for every run of this project, beyond the bare ones. */
  readonly env?: Readonly<Record<string, string>>;
  /** The stack's name; default `test`. */
  readonly stack?: string;
}

/** What a single run may add. */
export interface PulumiRunOptions extends Partial<Omit<CommandOptions, "cwd">> {
  /** More arguments, such as `--expect-no-changes`. */
  readonly args?: readonly string[];
  /** `--logtostderr -v=9`: everything the engine logs, on stderr. */
  readonly verbose?: boolean;
  /** Writes the engine's event log and returns its text as `events`. */
  readonly eventLog?: boolean;
}

/** The end of a run of the engine. */
export interface PulumiResult extends CommandResult {
  /** The event log's text, when asked for. */
  readonly events?: string;
}

const PASSPHRASE = "correct horse battery staple";
const AT_ONCE = ["--yes", "--skip-preview"];

/** A Pulumi project in a temporary folder with a file backend of its own: no account, nothing shared, nothing left. */
export class PulumiProject {
  /** The project's folder, where Pulumi.yaml and the program are. */
  readonly dir: string;
  /** HOME, PULUMI_HOME and TMPDIR of every run. */
  readonly home: string;
  /** The file backend: checkpoints, their history, locks. */
  readonly backendDir: string;

  private constructor(
    /** The temporary folder that holds everything; `cleanup` removes it. */
    readonly root: string,
    /** The variables of every run. */
    readonly env: Readonly<Record<string, string>>,
    private readonly stack: string,
  ) {
    this.dir = join(root, "project");
    this.home = join(root, "home");
    this.backendDir = join(root, "backend");
    [this.dir, this.home, this.backendDir].forEach((folder) => mkdirSync(folder));
  }

  /** Finds the engine, writes the project and makes its stack. Call `cleanup` at the end, or use withPulumiProject. */
  static async create(options: PulumiProjectOptions = {}): Promise<PulumiProject> {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "yciam-pulumi-")));
    const project = new PulumiProject(root, await environment(root, options), options.stack ?? "test");
    try {
      writeProject(project.dir, options);
      ok(await project.run(["stack", "init", project.stack]));
      return project;
    } catch (error) {
      project.cleanup();
      throw error;
    }
  }

  /** Runs `pulumi` with these arguments in the project's folder. */
  async run(args: readonly string[], options: PulumiRunOptions = {}): Promise<PulumiResult> {
    const { args: more = [], verbose, eventLog, env, ...command } = options;
    const eventFile = join(this.root, "events.jsonl");
    const logging = [
      ...(verbose ? ["--logtostderr", "-v=9"] : []),
      ...(eventLog ? ["--event-log", eventFile] : []),
    ];
    const argv = ["pulumi", ...args, "--non-interactive", "--color=never", ...logging, ...more];
    const result = await runCommand(argv, { ...command, cwd: this.dir, env: { ...this.env, ...env } });
    if (!eventLog || !existsSync(eventFile)) return result;
    const events = readFileSync(eventFile, "utf8");
    rmSync(eventFile);
    return { ...result, events };
  }

  /** Sets one configuration value; `secret` encrypts it. */
  setConfig(key: string, value: string, options: { secret?: boolean } = {}): Promise<PulumiResult> {
    // On standard input, since a value may begin with a dash or be a secret.
    return this.run(["config", "set", key, options.secret ? "--secret" : "--plaintext"], { input: value });
  }

  /** `pulumi preview`. */
  readonly preview = (options?: PulumiRunOptions) => this.run(["preview"], options);
  /** `pulumi up --yes`, without the preview that comes before it: ask for that with `preview`. */
  readonly up = (options?: PulumiRunOptions) => this.run(["up", ...AT_ONCE], options);
  /** `pulumi refresh --yes`, without its preview. */
  readonly refresh = (options?: PulumiRunOptions) => this.run(["refresh", ...AT_ONCE], options);
  /** `pulumi destroy --yes`, without its preview. */
  readonly destroy = (options?: PulumiRunOptions) => this.run(["destroy", ...AT_ONCE], options);
  /** `pulumi stack export`, as it is printed. */
  readonly stackExport = (options?: PulumiRunOptions) => this.run(["stack", "export"], options);

  /** The stack's outputs, parsed; an Error when they cannot be read. A secret one is `[secret]` unless shown. */
  async stackOutput(options: { showSecrets?: boolean } = {}): Promise<Record<string, unknown>> {
    const args = options.showSecrets ? ["--show-secrets"] : [];
    const result = ok(await this.run(["stack", "output", "--json", ...args]));
    return JSON.parse(result.stdout) as Record<string, unknown>;
  }

  /** Every file of the backend as text, by path: the checkpoint, its backups, and the history of updates. */
  readState(): Map<string, string> {
    return readTree(this.backendDir);
  }

  /** The stack's settings file beside Pulumi.yaml: encrypted configuration. */
  readStackSettings(): string {
    return readFileSync(join(this.dir, `Pulumi.${this.stack}.yaml`), "utf8");
  }

  /** Ends whatever still runs for this project and removes its folder; answers how many processes were left. */
  cleanup(): number {
    const left = killLeft(`PULUMI_HOME=${this.home}`);
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
    return left;
  }
}

async function environment(root: string, options: PulumiProjectOptions): Promise<Record<string, string>> {
  const home = join(root, "home");
  const pulumi = (await engineFolders("pulumi")) ?? [];
  const { runtime } = options;
  const own = runtime === "python" || runtime === "java" ? ((await engineFolders(runtime)) ?? []) : [];
  return {
    ...bareEnvironment(home, [...own, ...pulumi, dynamicProviderFolder]),
    PULUMI_BACKEND_URL: `file://${join(root, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_HOME: home,
    PULUMI_SKIP_UPDATE_CHECK: "1",
    // Without it the engine does not know --event-log.
    PULUMI_DEBUG_COMMANDS: "1",
    // Types of programs are checked by `npm run lint`; the engine would do it again at every run.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    ...options.env,
  };
}

/**
 * Runs `use` on a new project and cleans up whatever happens. An Error when processes of the project were left
 * running, since then a host or a plugin does not end with its engine.
 */
export async function withPulumiProject<T>(
  options: PulumiProjectOptions,
  use: (project: PulumiProject) => Promise<T>,
): Promise<T> {
  const project = await PulumiProject.create(options);
  let left = 0;
  try {
    return await use(project);
  } finally {
    left = project.cleanup();
    if (left > 0)
      process.emitWarning(`${left} processes of a Pulumi project were left running and were ended`);
  }
}
