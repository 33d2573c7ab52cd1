import { appendFileSync } from "node:fs";
import type { TokenResult } from "../app";
import type { Env } from "../core/context";
import { OptionError } from "../core/words/errors";
import { fileCommands, maskCommand } from "../handout/github";
import { tokenVariables } from "../handout/shells";
import type { Output } from "./io";

/** The files by which a step hands values on to the runner. */
export type RunnerFile = "GITHUB_OUTPUT" | "GITHUB_ENV" | "GITHUB_STATE";

/**
 * The path of such a file.
 * @throws OptionError outside of a step of a workflow
 */
function pathOf(env: Env, name: RunnerFile): string {
  const path = env[name] ?? "";
  if (path !== "") return path;
  throw new OptionError(`${name} is not set here: this is for a step of a GitHub workflow.`, name);
}

/**
 * Hands values on to the runner.
 * @throws OptionError where the file is not named, or cannot be written
 */
export function tellRunner(env: Env, name: RunnerFile, values: Readonly<Record<string, string>>): void {
  const path = pathOf(env, name);
  try {
    appendFileSync(path, fileCommands(values));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new OptionError(`the file that ${name} names cannot be written (${code}).`, name);
  }
}

/** Hands a token on to the later steps of a job. */
export type ToLaterSteps = (result: TokenResult, stdout: Output) => void;

/**
 * What makes a token the step's output `token`, and sets it in the job's environment.
 * @throws OptionError at once, before a token is there, outside of a step of a workflow
 */
export function toLaterSteps(env: Env): ToLaterSteps {
  pathOf(env, "GITHUB_OUTPUT");
  pathOf(env, "GITHUB_ENV");
  return (result, stdout) => {
    // The runner hides what it was told of before, and no more.
    stdout.write(maskCommand(result.token));
    tellRunner(env, "GITHUB_OUTPUT", { token: result.token.reveal() });
    tellRunner(env, "GITHUB_ENV", tokenVariables(result));
  };
}
