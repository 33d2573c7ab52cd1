import { homedir, userInfo } from "node:os";
import { isAbsolute } from "node:path";
import { isatty } from "node:tty";
import type { Context, Http, Log } from "../core/context";
import { Session } from "../core/token/session";
import { camelCaseSpelling, type Spelling } from "../core/words/message";
import { cacheFolder } from "./cache-folder";
import { DiskStore } from "./disk-cache";
import { createFiles } from "./files";
import type * as HttpModule from "./http";
import { loadModule } from "./modules";
import { runProgram } from "./programs";
import { createWhich } from "./which";

/** What a host says of itself when it makes its context. */
export interface HostParts {
  readonly log: Log;
  readonly spelling?: Spelling;
  /** Sent as `User-Agent`, such as `yciam/1.2.3 (pulumi)`. */
  readonly userAgent: string;
}

/** The real outside world, for a host's `main`. One for the whole process: its memory is shared by all calls. */
export function createSystemContext(parts: HostParts): Context {
  const known = findHome();
  const home = known ?? "/";
  const { env, platform } = process;
  const folder = cacheFolder({ platform, env, home: known ?? "" });
  // It is loaded at the first request: who finds a token in the cache makes none.
  let http: Http | undefined;
  const loadHttp = () => {
    // `import()` of a file of our own would start Node's other loader.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    http ??= (require("./http") as typeof HttpModule).createHttp({ userAgent: parts.userAgent });
    return http;
  };
  return {
    env,
    files: createFiles(home),
    exec: runProgram,
    which: (program) => createWhich({ platform, env })(program),
    http: (request) => loadHttp()(request),
    loadHttp,
    now: Date.now,
    log: parts.log,
    interactive: isatty(0) && isatty(2),
    home,
    session: new Session(),
    ...(folder === undefined ? {} : { store: new DiskStore({ folder, now: Date.now, log: parts.log }) }),
    spelling: parts.spelling ?? camelCaseSpelling,
    loadModule: (specifier) => loadModule(specifier),
  };
}

/**
 * The user's home: the variable HOME, or what the system knows of the user. A relative home would make
 * files of the current folder the user's own. Undefined where there is none: in containers a user is often a mere number.
 */
function findHome(): string | undefined {
  for (const find of [homedir, () => userInfo().homedir]) {
    try {
      const home = find();
      if (isAbsolute(home)) return home;
    } catch {
      // The system does not know this user.
    }
  }
  return undefined;
}
