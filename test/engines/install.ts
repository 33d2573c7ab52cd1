import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { processName } from "./setting";

const UNFINISHED = ".unfinished-";

/** Whether a folder holds every one of these files. */
export function holds(folder: string, files: readonly string[]): boolean {
  return files.every((file) => existsSync(join(folder, file)));
}

/** Removes what killed builds left. Call it with the lock held: nobody else is building then. */
export function sweepUnfinished(enginesDir: string): void {
  const left = existsSync(enginesDir)
    ? readdirSync(enginesDir).filter((name) => name.startsWith(UNFINISHED))
    : [];
  left.forEach((name) => rmSync(join(enginesDir, name), { recursive: true, force: true }));
}

/**
 * Fills a temporary folder and only then gives it its name, so that a killed build never looks complete. `fill`
 * answers the folder to move, itself or one inside it.
 */
export async function installAtomically(
  target: string,
  fill: (folder: string) => Promise<string>,
): Promise<void> {
  mkdirSync(dirname(target), { recursive: true });
  const scratch = mkdtempSync(join(dirname(target), `${UNFINISHED}${processName}-`));
  try {
    const filled = await fill(scratch);
    rmSync(target, { recursive: true, force: true });
    renameSync(filled, target);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
