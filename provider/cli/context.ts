import type { Context, Log } from "../core/context";
import { VERSION } from "../core/words/version";
import { cacheFolder } from "../platform/cache-folder";
import { createParentNotes } from "../platform/parent-notes";
import { createSystemContext } from "../platform/system";
import type { Output } from "./io";
import { flagSpelling } from "./spelling";
import { forTerminal } from "./terminal";

let isWatched = false;

/** Standard error, as a terminal may get it. That it cannot be written is no failure. It is opened by the first text. */
export const stderr: Output = {
  write: (text) => {
    if (!isWatched) process.stderr.on("error", () => undefined);
    isWatched = true;
    return process.stderr.write(forTerminal(text));
  },
};

function createLog(program: string, debug: boolean): Log {
  const line = (level: string, message: string, fields?: object) =>
    stderr.write(
      `${program}: ${level}${message}${fields === undefined ? "" : ` ${JSON.stringify(fields)}`}\n`,
    );
  return {
    debug: (message, fields) => void (debug && line("debug: ", message, fields)),
    warn: (message, fields) => void line("warning: ", message, fields),
  };
}

/**
 * The context of a program of the command line.
 * @param debug logs what is done on standard error
 */
export function createContext(program: string, debug: boolean): Context {
  const context = createSystemContext({
    log: createLog(program, debug),
    spelling: flagSpelling,
    userAgent: `yciam/${VERSION} (${program === "yciam" ? "cli" : program})`,
  });
  // Without a home of one's own, the context has the root for it.
  const home = context.home === "/" ? "" : context.home;
  const folder = cacheFolder({ env: context.env, home, platform: process.platform });
  return folder === undefined ? context : { ...context, parentNotes: createParentNotes(folder) };
}
