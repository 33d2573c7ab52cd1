import * as pulumi from "@pulumi/pulumi";
import type { Context, Log } from "../core/context";
import { VERSION } from "../core/words/version";
import { createSystemContext } from "../platform/system";

// Pulumi's own log: `--debug` and `-v` show what is logged with `debug`, the update's diagnostics show `warn`.
const log: Log = {
  debug: (message, fields) =>
    void pulumi.log.debug(`yciam: ${message}${fields === undefined ? "" : ` ${JSON.stringify(fields)}`}`),
  warn: (message) => void pulumi.log.warn(`yciam: ${message}`),
};

let context: Context | undefined;

/** The context of this process, made at the first call, so that all calls share tokens. */
export function processContext(): Context {
  context ??= createSystemContext({ log, userAgent: `yciam/${VERSION} (pulumi-nodejs)` });
  return context;
}
