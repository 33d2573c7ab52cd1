import { cpSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
/** What a clone does not have. */
const UNTRACKED = /^(node_modules|dist|build|release|\.git)$/;

/** Copies the repository into a folder as a clone would be there, with the packages that are installed here. */
export function copyRepository(to: string): void {
  for (const name of readdirSync(ROOT).filter((entry) => !UNTRACKED.test(entry)))
    cpSync(join(ROOT, name), join(to, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(to, "node_modules"));
}
