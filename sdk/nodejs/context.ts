import type { Context } from "../../provider/core/context";
import type { Log } from "../../provider/core/words/log";
import { VERSION } from "../../provider/core/words/version";
import { createSystemContext } from "../../provider/platform/system";

/** Node's own warnings: a program sees and handles them as any other (`process.on("warning")`). */
const WARNINGS: Log = {
  debug: () => undefined,
  warn: (message) => process.emitWarning(message, { type: "YciamWarning" }),
};

let shared: Context | undefined;

/**
 * The outside world of a program without Pulumi. All its token sources share what is remembered.
 * @param log where warnings go; default Node's own
 */
export function nodeContext(log: Log = WARNINGS): Context {
  shared ??= createSystemContext({ log, userAgent: `yciam/${VERSION} (nodejs)` });
  return { ...shared, log };
}
