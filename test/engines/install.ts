import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

const UNFINISHED = ".unfinished-";

/** Whether a folder holds every one of these files. */
export function holds(folder: string, files: readonly string[]): boolean {
  return files.every((file) => existsSync(join(folder, file)));
}

/**
 * Fills a temporary folder and only then gives it its name, so that a killed build never looks complete; what killed
 * builds left is removed first. Nobody else may be at work in the folder above. `fill` answers the folder to move,
 * itself or one inside it.
 */
export async function installAtomically(
  target: string,
  fill: (folder: string) => Promise<string>,
): Promise<void> {
  const above = dirname(target);
  mkdirSync(above, { recursive: true });
  const left = readdirSync(above).filter((name) => name.startsWith(UNFINISHED));
  left.forEach((name) => rmSync(join(above, name), { recursive: true, force: true }));
  const scratch = mkdtempSync(join(above, UNFINISHED));
  try {
    const filled = await fill(scratch);
    rmSync(target, { recursive: true, force: true });
    renameSync(filled, target);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
