import { constants, promises as fs } from "node:fs";
import { posix, win32 } from "node:path";
import type { Context, Env } from "../core/context";

/** What decides where programs are. */
export interface WhichParts {
  /** As in `process.platform`. */
  readonly platform: string;
  readonly env: Env;
  /**
   * Whether a program is there; default a look at the real disk. One that is named by its path need not be executable:
   * whoever runs it is told that it is not.
   */
  readonly isProgram?: (path: string, isNamed: boolean) => Promise<boolean>;
}

/**
 * Looks programs up on PATH, and nowhere else. Windows itself begins in the current folder, where anybody may have put
 * a program; so relative folders, and an empty one, which is the current folder too, are passed over everywhere.
 */
export function createWhich(parts: WhichParts): Context["which"] {
  const { platform, env, isProgram = isExecutable } = parts;
  const isWindows = platform === "win32";
  return async (program) => {
    const isPath = (isWindows ? /[\\/:]/ : /\//).test(program);
    const candidates = isPath ? [program] : isWindows ? onWindows(program, env) : onPosix(program, env);
    for (const candidate of candidates) if (await isProgram(candidate, isPath)) return candidate;
    return undefined;
  };
}

function onPosix(program: string, { PATH = "" }: Env): readonly string[] {
  const folders = PATH.split(":").filter((folder) => posix.isAbsolute(folder));
  return folders.map((folder) => posix.join(folder, program));
}

function onWindows(program: string, env: Env): readonly string[] {
  // In names of variables Windows makes no difference between capitals and small letters, but copies of them do.
  const variables = Object.fromEntries(Object.entries(env).map(([name, text]) => [name.toUpperCase(), text]));
  const endings = (variables.PATHEXT ?? ".COM;.EXE;.BAT;.CMD").split(";").filter((ending) => ending !== "");
  const hasEnding = endings.some((ending) => program.toUpperCase().endsWith(ending.toUpperCase()));
  const names = hasEnding ? [program] : endings.map((ending) => program + ending);
  const folders = (variables.PATH ?? "").split(";").map((folder) => folder.replaceAll('"', ""));
  // With a drive or a server: a folder that begins with one backslash depends on the current drive.
  const absolute = folders.filter((folder) => /^(?:[a-z]:[\\/]|\\\\)/i.test(folder));
  return absolute.flatMap((folder) => names.map((name) => win32.join(folder, name)));
}

async function isExecutable(path: string, isNamed: boolean): Promise<boolean> {
  try {
    await fs.access(path, isNamed ? constants.F_OK : constants.X_OK);
    return (await fs.stat(path)).isFile();
  } catch {
    return false;
  }
}
