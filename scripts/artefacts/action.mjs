// Writes the folder action/, what action.yml runs. GitHub's runner takes an action from the repository as it is, so it is
// committed; a test holds it equal to what the sources make.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../root.mjs";
import { bundleAll, notices } from "./bundle.mjs";

/**
 * Makes the program in one file, and the licences of what is in it.
 * @param {string} folder where they are written
 * @returns {Promise<import("./bundle.mjs").Part>} what was bundled
 */
export async function makeAction(folder) {
  const part = await bundleAll("action", join(folder, "main.js"));
  writeFileSync(join(folder, "THIRD_PARTY_NOTICES.txt"), notices([part]));
  return part;
}

async function main() {
  const folder = join(root, "action");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  await makeAction(folder);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) void main();
