import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Ends every process of a group at once; a group that has ended already is no error. */
export function killGroup(leader: number): void {
  kill(-leader);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}

/**
 * The processes whose environment contains `text`: children inherit it, so this finds those that left their group or
 * lost their parent. Our own process is never among them. Empty where there is no /proc.
 */
export function processesMarked(text: string): number[] {
  if (!existsSync("/proc/self/environ")) return [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.filter((pid) => environmentOf(pid).includes(text)).map(Number);
}

/** Ends the processes whose environment contains `text`, and answers how many there were. */
export function killMarked(text: string): number {
  const pids = processesMarked(text);
  pids.forEach(kill);
  return pids.length;
}

/** How long a process may take to end by itself after its engine. Milliseconds. */
const GRACE_MS = 10_000;

/**
 * Ends the processes whose environment contains `text` and that do not end by themselves within a while, and answers
 * how many those were. It holds up this process meanwhile, since it is called at the end of tests.
 */
export function killLeft(text: string): number {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const end = performance.now() + GRACE_MS;
  while (processesMarked(text).length > 0 && performance.now() < end) Atomics.wait(pause, 0, 0, 20);
  return killMarked(text);
}
