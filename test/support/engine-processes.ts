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
