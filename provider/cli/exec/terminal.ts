import { closeSync, constants, openSync, readFileSync } from "node:fs";

/** Whether a terminal may send signals to our group. On Windows the console does. */
export function hasTerminal(): boolean {
  if (process.platform === "win32") return true;
  try {
    closeSync(openSync("/dev/tty", constants.O_RDWR | constants.O_NOCTTY));
    return true;
  } catch {
    return false;
  }
}

/** Whether what is typed now reaches our group: a job in the background gets nothing of it. Linux alone tells. */
export function isInForeground(): boolean {
  // The name before these may have any character.
  const [, , , group, , , foreground] = ownFile("stat").replace(/^.*\)/s, "").split(" ");
  return group === foreground;
}

/** Whether SIGHUP was to be ignored when we were started, as `nohup` does it. */
export function ignoresHangup(): boolean {
  const [, ignored = "0"] = /^SigIgn:\s*([\da-f]+)$/m.exec(ownFile("status")) ?? [];
  return (BigInt(`0x${ignored}`) & 1n) === 1n;
}

function ownFile(name: string): string {
  try {
    return readFileSync(`/proc/self/${name}`, "utf8");
  } catch {
    return "";
  }
}
