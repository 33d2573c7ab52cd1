import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { bareEnvironment } from "./engine-env";
import { RUNTIME_ENV } from "./programs";
import { runCommand } from "./run-command";

const ROOT = join(__dirname, "../..");

/** One order that a step gives the runner: its name, and its text. */
export type Order = readonly [name: string, text: string];

/** The orders in a step's output, as the runner finds them. Source: actions/runner, ActionCommand.cs. */
export function commandsIn(output: string): readonly Order[] {
  const orders: Order[] = [];
  let stopped: string | undefined;
  for (const line of output.split(/\r?\n/)) {
    const [, name = "", , text = ""] = /^\s*::([\w-]+)( [^:]*)?::(.*)$/.exec(line) ?? older(line);
    if (stopped !== undefined) stopped = name === stopped ? undefined : stopped;
    else if (name === "stop-commands") stopped = text;
    else if (name !== "") orders.push([name, unescaped(text)]);
  }
  return orders;
}

/** The older form may stand anywhere in a line. */
function older(line: string): readonly (string | undefined)[] {
  return /##\[([\w-]+)( [^\]]*)?\](.*)$/.exec(line) ?? [];
}

function unescaped(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

/** The values in a file that a step wrote for the runner. Source: actions/runner, FileCommandManager.cs. */
export function valuesIn(file: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  const entries = /([^\n=<]+)<<([^\n]+)\n([^]*?)\n\2\n|([^\n=]+)=([^\n]*)\n/gy;
  for (const [, name, , value, plainName, plain] of file.matchAll(entries))
    values[name ?? plainName ?? ""] = value ?? plain ?? "";
  return values;
}

const FILES = ["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STATE"] as const;

/** One run of an action's program. */
export interface StepRun extends Record<(typeof FILES)[number], string> {
  readonly code: number | null;
  /** All that the program printed. */
  readonly output: string;
}

/** What the runner knows of an action. */
export interface ActionManifest {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, object>>;
  readonly runs: Readonly<Record<"using" | "main" | "post", string>>;
}

/** The action of this repository. */
export const ACTION = parse(readFileSync(join(ROOT, "action.yml"), "utf8")) as ActionManifest;

/** Runs the action of this repository as GitHub's runner does: by action.yml alone, the post step whatever main's end. */
export class GithubRunner {
  /** The home, the workspace and the temporary folder of the job. */
  readonly home = mkdtempSync(join(tmpdir(), "yciam-github-"));
  #runs = 0;

  /** @param env of the job */
  constructor(private readonly env: Readonly<Record<string, string>>) {}

  /** The main program, and the post program after the job. */
  async job(given: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
    const main = await this.#run("main", given, env);
    const state = withPrefix("STATE_", valuesIn(main.GITHUB_STATE));
    return { main, post: await this.#run("post", given, { ...env, ...state }) };
  }

  async #run(
    what: "main" | "post",
    given: Readonly<Record<string, string>>,
    more: Readonly<Record<string, string>>,
  ) {
    const paths = FILES.map((name) => [name, join(this.home, `${name}_${this.#runs}`)] as const);
    this.#runs += 1;
    for (const [, path] of paths) writeFileSync(path, "");
    const own = { ...bareEnvironment(this.home), ...RUNTIME_ENV, ...this.env, ...inputs(given) };
    const runner = { GITHUB_ACTIONS: "true", RUNNER_TEMP: this.home, ...Object.fromEntries(paths) };
    const env = { ...own, ...runner, ...more };
    const argv = [process.execPath, join(ROOT, ACTION.runs[what])];
    const { code, stdout, stderr } = await runCommand(argv, { cwd: this.home, env });
    const files = paths.map(([name, path]) => [name, readFileSync(path, "utf8")]);
    // The runner deletes them as soon as it has read them.
    for (const [, path] of paths) rmSync(path);
    return { code, output: stdout + stderr, ...Object.fromEntries(files) } as StepRun;
  }

  cleanup(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

function withPrefix(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

/** The variables by which a program gets its inputs. The runner only warns of one that the action does not have. */
function inputs(given: Readonly<Record<string, string>>): Record<string, string> {
  const unknown = Object.keys(given).filter((name) => !(name in ACTION.inputs));
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown.join(", ")}`);
  const all = Object.entries(ACTION.inputs).map(([name, row]) => {
    return [`INPUT_${name.toUpperCase()}`, given[name] ?? row.default ?? ""];
  });
  return Object.fromEntries(all) as Record<string, string>;
}
