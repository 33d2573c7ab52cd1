import type { App, AppConfig, TokenResult } from "../app";
import type { Env } from "../core/context";
import { Secret } from "../core/words/secret";
import { maskCommand, withoutCommands, workflowCommand } from "../handout/github";
import { tokenVariables } from "../handout/shells";
import { configOf, isOn } from "./action-inputs";
import { formatTable } from "./explanation";
import { tellRunner } from "./github-files";
import type { Io } from "./io";

/** What a step of GitHub Actions needs of its process. */
export interface Step {
  readonly io: Io;
  readonly env: Env;
  readonly app: (config: AppConfig) => App;
}

/** The GitHub action: gets a token, and after the job, when it is run again, makes it useless if that was asked for. */
export async function runAction(step: Step): Promise<void> {
  if (step.env.STATE_isPost === "true") await afterJob(step);
  else await handOut(step);
}

/** Nothing is written for later steps before the runner knows what to hide. */
async function handOut({ io, env, app: createApp }: Step): Promise<void> {
  // After the job the program is run again, even when this run fails.
  tellRunner(env, "GITHUB_STATE", { isPost: "true" });
  const [isExported, isRevoked] = [isOn(env, "export-environment"), isOn(env, "revoke")];
  const app = createApp(configOf(env));
  const table = formatTable(await app.explain({ signal: io.signal }));
  io.stdout.write(workflowCommand("group", "yciam explain"));
  io.stdout.write(withoutCommands(table));
  io.stdout.write(workflowCommand("endgroup"));
  const result = await app.getIamToken(io.signal);
  io.stdout.write(maskCommand(result.token));
  const token = result.token.reveal();
  if (isRevoked) tellRunner(env, "GITHUB_STATE", { token });
  tellRunner(env, "GITHUB_OUTPUT", outputsOf(result));
  if (isExported) tellRunner(env, "GITHUB_ENV", tokenVariables(result));
}

function outputsOf({ token, expiresAt = "", subjectId = "", fingerprint }: TokenResult) {
  return { token: token.reveal(), "expires-at": expiresAt, "subject-id": subjectId, fingerprint };
}

async function afterJob({ io, env, app: createApp }: Step): Promise<void> {
  const token = env.STATE_token ?? "";
  if (token === "") return;
  await createApp({ cache: "none" }).revoke(new Secret(token), io.signal);
  io.stdout.write("The token is revoked.\n");
}
