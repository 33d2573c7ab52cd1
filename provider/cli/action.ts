import { appendFileSync } from "node:fs";
import type { App, AppConfig, TokenResult } from "../app";
import type { Env } from "../core/context";
import { OptionError } from "../core/words/errors";
import { Secret } from "../core/words/secret";
import { fileCommands, maskCommand, withoutCommands, workflowCommand } from "../handout/github";
import { configOf, isOn } from "./action-inputs";
import { formatTable } from "./explanation";
import type { Io } from "./io";

/** What a step of GitHub Actions needs of its process. */
export interface Step {
  readonly io: Io;
  readonly env: Env;
  readonly app: (config: AppConfig) => App;
}

/** The files by which a step hands values on to the runner. */
type RunnerFile = "GITHUB_OUTPUT" | "GITHUB_ENV" | "GITHUB_STATE";

/** The GitHub action: gets a token, and after the job, when it is run again, makes it useless if that was asked for. */
export async function runAction(step: Step): Promise<void> {
  if (step.env.STATE_isPost === "true") await afterJob(step);
  else await handOut(step);
}

/** Nothing is written for later steps before the runner knows what to hide. */
async function handOut({ io, env, app: createApp }: Step): Promise<void> {
  // After the job the program is run again, even when this run fails.
  append(env, "GITHUB_STATE", { isPost: "true" });
  const [isExported, isRevoked] = [isOn(env, "export-environment"), isOn(env, "revoke")];
  const app = createApp(configOf(env));
  const table = formatTable(await app.explain({ signal: io.signal }));
  io.stdout.write(workflowCommand("group", "yciam explain"));
  io.stdout.write(withoutCommands(table));
  io.stdout.write(workflowCommand("endgroup"));
  const result = await app.getIamToken(io.signal);
  io.stdout.write(maskCommand(result.token));
  const token = result.token.reveal();
  if (isRevoked) append(env, "GITHUB_STATE", { token });
  append(env, "GITHUB_OUTPUT", outputsOf(result));
  if (isExported) append(env, "GITHUB_ENV", { YC_IAM_TOKEN: token, YC_TOKEN: token });
}

function outputsOf({ token, expiresAt = "", subjectId = "", fingerprint }: TokenResult) {
  return { token: token.reveal(), "expires-at": expiresAt, "subject-id": subjectId, fingerprint };
}

function append(env: Env, name: RunnerFile, values: Readonly<Record<string, string>>): void {
  const path = env[name] ?? "";
  if (path === "") throw new OptionError(`${name} is not set: this program is run by GitHub's runner.`, name);
  appendFileSync(path, fileCommands(values));
}

async function afterJob({ io, env, app: createApp }: Step): Promise<void> {
  const token = env.STATE_token ?? "";
  if (token === "") return;
  await createApp({ cache: "none" }).revoke(new Secret(token), io.signal);
  io.stdout.write("The token is revoked.\n");
}
