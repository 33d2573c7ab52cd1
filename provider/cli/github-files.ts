import { appendFileSync } from "node:fs";
import type { TokenResult } from "../app";
import type { Env } from "../core/context";
import { OptionError } from "../core/words/errors";
import { fileCommands, maskCommand } from "../handout/github";
import { tokenVariables } from "../handout/shells";
import type { Output } from "./io";

const FILES = ["GITHUB_OUTPUT", "GITHUB_ENV"] as const;

/** Hands a token on to the later steps of a job. */
export type ToLaterSteps = (result: TokenResult, stdout: Output) => void;

/**
 * What writes a token where GitHub's runner reads it: the step's output `token`, and the job's environment.
 * @throws OptionError outside of a step of a workflow
 */
export function toLaterSteps(env: Env): ToLaterSteps {
  const missing = FILES.filter((name) => (env[name] ?? "") === "");
  if (missing.length > 0) {
    throw new OptionError(
      `--output github is for a step of a GitHub workflow, and ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not set here.`,
      "output",
    );
  }
  return (result, stdout) => {
    // The runner hides what it was told of before, and no more.
    stdout.write(maskCommand(result.token));
    append(env, "GITHUB_OUTPUT", { token: result.token.reveal() });
    append(env, "GITHUB_ENV", tokenVariables(result));
  };
}

function append(env: Env, name: (typeof FILES)[number], values: Readonly<Record<string, string>>): void {
  try {
    appendFileSync(env[name] as string, fileCommands(values));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new OptionError(`the file that ${name} names cannot be written (${code}).`, name);
  }
}
