import { cpSync } from "node:fs";
import { join } from "node:path";
import { bareEnvironment } from "../../support/engine-env";
import { ok, runCommand } from "../../support/run-command";

/** Installs the generated Python SDK below `root`, as a user's pip would, with the Python of a virtual environment. */
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
