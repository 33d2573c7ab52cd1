import { type ChildProcess, execFile, spawn } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";

/** A pipe that a program writes to. */
export interface Pipe {
  /** As `stdio` of a child takes it. */
  readonly to: number | "pipe";
  /** What the child writes. To be called once it is started, or is known not to be: nobody else writes then. */
  readonly read: (own: Readable | null) => Readable;
}

/**
 * Two pipes for a program's output. Those that Node makes are sockets, which nobody can open: `echo failed >
 * /dev/stderr` would fail. So a real one is made, for a moment under a name, and `cat` reads it; where that cannot be had it
 * is one of Node's.
 */
export async function openPipes(): Promise<readonly [Pipe, Pipe]> {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), "yciam-"));
    const paths = [join(folder, "1"), join(folder, "2")] as const;
    await promisify(execFile)("mkfifo", ["-m", "600", ...paths]);
    return [throughCat(paths[0]), throughCat(paths[1])];
  } catch {
    const plain: Pipe = { to: "pipe", read: (own) => own as Readable };
    return [plain, plain];
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  }
}

function throughCat(path: string): Pipe {
  // Who opens it for reading would wait for a writer. To read, `cat` needs it to wait for what is written.
  const both = openSync(path, constants.O_RDWR);
  const [from, to] = [openSync(path, constants.O_RDONLY), openSync(path, constants.O_WRONLY)];
  closeSync(both);
  // Ctrl-C is for the program, which may have something to say yet.
  const cat: ChildProcess = spawn("cat", { stdio: [from, "pipe", "ignore"], detached: true });
  cat.on("error", () => undefined);
  cat.unref();
  closeSync(from);
  return {
    to,
    read: () => {
      closeSync(to);
      return cat.stdout as Readable;
    },
  };
}
