import { cpSync } from "node:fs";
import { join } from "node:path";
import { bareEnvironment } from "../../support/engine-env";
import { ok, runCommand } from "../../support/run-command";

/**
 * Installs the generated Python SDK into a folder, as `pip install` of a user would, and answers the folder.
 * @param python the folder of the virtual environment's programs
 * @param root a folder of the test's own
 */
export async function installPythonSdk(python: string, root: string): Promise<string> {
  const [source, target] = [join(root, "python-sdk"), join(root, "site")];
  // pip builds in the source folder: never in ours.
  cpSync(join(__dirname, "../../../sdk/python"), source, { recursive: true });
  const pip = ["-m", "pip", "install", "--no-index", "--no-deps", "--no-build-isolation", "--quiet"];
  ok(
    await runCommand([join(python, "python"), ...pip, "--target", target, source], {
      env: bareEnvironment(root),
    }),
  );
  return target;
}
