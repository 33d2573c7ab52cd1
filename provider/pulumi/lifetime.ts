import { fstatSync } from "node:fs";
import { once } from "../grpc/once";

/** How often the plugin checks that its parent is still there, in milliseconds. */
const PARENT_INTERVAL_MS = 500;

/** The engine's address among the arguments of a plugin; flags come before it. Undefined when started by hand. */
export function engineAddress(args: readonly string[]): string | undefined {
  const last = args.at(-1);
  return last !== undefined && /^[^-].*:\d+$/.test(last) ? last : undefined;
}

/**
 * Calls `end` once, when the engine is gone or asks for it: the pipe on standard input is closed, the process has a new
 * parent, or a signal came. Only a signal ends a plugin that was started by hand, for an engine to attach to it.
 */
export function whenOwnerEnds(ownedByEngine: boolean, end: () => void): void {
  const endOnce = once(end);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, endOnce);
  if (!ownedByEngine) return;
  watchParent(endOnce);
  if (isPipe()) process.stdin.on("end", endOnce).on("error", endOnce).resume();
}

function watchParent(end: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) end();
  }, PARENT_INTERVAL_MS);
  timer.unref();
}

/** An engine keeps a pipe to the plugin's standard input open while it lives. Other owners may give the plugin none. */
function isPipe(): boolean {
  try {
    const stats = fstatSync(0);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}
