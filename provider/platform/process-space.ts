import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/**
 * Equal for two processes only when each can see by a process id whether the other lives: 16 hex digits made from the
 * host's name, the boot and the namespace of process ids. The name alone would not do: containers that share a folder
 * may have the same one, and ids of their own.
 * @param proc where the kernel tells the latter two; systems without them (macOS, Windows) have no such containers
 */
export function processSpace(proc = "/proc"): string {
  const boot = orNothing(() => readFileSync(join(proc, "sys/kernel/random/boot_id"), "utf8"));
  const namespace = orNothing(() => readlinkSync(join(proc, "self/ns/pid")));
  return createHash("sha256")
    .update(JSON.stringify([hostname(), boot, namespace]))
    .digest("hex")
    .slice(0, 16);
}

function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
