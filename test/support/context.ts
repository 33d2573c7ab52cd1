import type { Context, Env, Log } from "../../provider/core/context";
import { Session } from "../../provider/core/token/session";
import { createFiles } from "../../provider/platform/files";
import { createSystemContext } from "../../provider/platform/system";
import { createWhich } from "../../provider/platform/which";

/** One line that was logged. */
export interface LogLine {
  readonly level: "debug" | "warn";
  readonly message: string;
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
}

/** A real context whose environment, session and log belong to one test. */
export interface TestContext extends Context {
  readonly logs: LogLine[];
}

/** Nothing listens on this loopback port: where a test has no metadata service. */
export const NO_METADATA: Env = { YC_METADATA_ADDR: "127.0.0.1:1" };

/** No home folder: the user's own yc must not be found by a test. */
const NO_HOME = "/nonexistent/home";

/** The real outside world, but for an environment, a home, a session and a log of its own; no store on disk. */
export function testContext(parts: Partial<Context> = {}): TestContext {
  const logs: LogLine[] = [];
  const log: Log = {
    debug: (message, fields) => void logs.push({ level: "debug", message, ...(fields ? { fields } : {}) }),
    warn: (message, fields) => void logs.push({ level: "warn", message, ...(fields ? { fields } : {}) }),
  };
  const system = createSystemContext({ log, userAgent: "yciam/test" });
  const env = { ...NO_METADATA, ...parts.env };
  const home = parts.home ?? NO_HOME;
  const own = {
    store: undefined,
    interactive: false,
    session: new Session(),
    home,
    files: createFiles(home),
    which: createWhich({ platform: process.platform, env: { PATH: process.env.PATH, ...env } }),
  };
  // A test that stops or moves the clock stops or moves all of time.
  const time = parts.now === undefined ? {} : { monotonic: parts.now };
  return { ...system, ...own, ...time, ...parts, env, logs };
}
