import { createApp } from "../app";
import type { Log } from "../core/context";
import { VERSION } from "../core/words/version";
import { workflowCommand } from "../handout/github";
import { createSystemContext } from "../platform/system";
import { runAction } from "./action";
import { inputSpelling } from "./action-inputs";
import { describeFailure } from "./describe-failure";
import { EXIT } from "./io";
import { runProcess } from "./process";
import { forTerminal } from "./terminal";

type Level = "debug" | "warning" | "error";

/** What the runner shows as such; debug lines it shows only where the user has asked for them. */
function tell(level: Level, message: string, fields?: object): void {
  const more = fields === undefined ? "" : ` ${JSON.stringify(fields)}`;
  process.stdout.write(workflowCommand(level, forTerminal(`yciam: ${message}${more}`)));
}

const log: Log = {
  debug: (message, fields) => tell("debug", message, fields),
  warn: (message, fields) => tell("warning", message, fields),
};

/** Runs the GitHub action, before the job's next steps and, as the runner says, once more after them. */
export function main(): Promise<void> {
  const userAgent = `yciam/${VERSION} (github-action)`;
  const context = createSystemContext({ log, spelling: inputSpelling, userAgent });
  const { env } = context;
  const isPost = env.STATE_isPost === "true";
  return runProcess({
    run: (io) => runAction({ io, env, app: (config) => createApp(config, context) }),
    // That the token could not be revoked fails no job: it dies by itself.
    report: (error, { signal }) => {
      if (signal.aborted) return EXIT.interrupted;
      tell(isPost ? "warning" : "error", describeFailure(error, inputSpelling));
      return isPost ? EXIT.ok : EXIT.failed;
    },
  });
}
