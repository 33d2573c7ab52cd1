import { fstatSync } from "node:fs";

/** How often it is looked whether the parent is still there; in milliseconds. */
const PARENT_INTERVAL_MS = 500;

/** The engine's address among the arguments of a plugin; flags come before it. Undefined when started by hand. */
export function engineAddress(args: readonly string[]): string | undefined {
  const last = args.at(-1);
  return last !== undefined && /^[^-].*:\d+$/.test(last) ? last : undefined;
}

/**
 * Calls `end` once, when the engine is gone or asks for it: the pipe on standard input is closed, the process has a new
 * parent, or a signal came. A plugin that was started by hand, to be attached to, ends by a signal alone.
 */
export function whenOwnerEnds(ownedByEngine: boolean, end: () => void): void {
  const once = onlyOnce(end);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, once);
  if (!ownedByEngine) return;
  watchParent(once);
  if (isPipe()) process.stdin.on("end", once).on("error", once).resume();
}

function watchParent(end: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) end();
  }, PARENT_INTERVAL_MS);
  timer.unref();
}

/** Engines hold a pipe to a plugin's standard input open for as long as they live; other owners may give it nothing. */
function isPipe(): boolean {
  try {
    const stats = fstatSync(0);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}

function onlyOnce(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
