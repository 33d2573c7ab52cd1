import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "yciam/emulator";
import { ensureEngines } from "../test/engines/bootstrap";
import { PulumiProject } from "../test/support/pulumi";
import { type CommandResult, ok } from "../test/support/run-command";
import { during, report } from "./progress.mjs";

const INTERRUPTED = 130;

/** Makes a key as the cloud's console would give it, readable by its owner alone. */
async function writeKeyFile(emulator: Emulator, folder: string): Promise<string> {
  const file = join(folder, "key.json");
  writeFileSync(file, JSON.stringify(await emulator.createKey()), { mode: 0o600 });
  return file;
}

async function up(
  project: PulumiProject,
  env: Record<string, string>,
  ...args: string[]
): Promise<CommandResult> {
  const result = await during("pulumi", ["up", ...args].join(" "), () =>
    project.up({ args, env, signal: stop.signal }),
  );
  return ok(result);
}

/** The story of the README: a key, a token, a resource that uses it; and once more, with nothing to change. */
async function story(emulator: Emulator, project: PulumiProject): Promise<void> {
  const env = {
    YC_SERVICE_ACCOUNT_KEY_FILE: await writeKeyFile(emulator, project.root),
    YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
  };
  ok(await project.setConfig("resourceManagerEndpoint", emulator.url));
  process.stdout.write((await up(project, env)).stdout);
  const outputs = await project.stackOutput();
  await up(project, env, "--expect-no-changes");
  process.stdout.write("\nThe stack's outputs, as Pulumi shows them:\n");
  Object.entries(outputs).forEach(([name, value]) =>
    process.stdout.write(`  ${name.padEnd(10)} ${String(value)}\n`),
  );
  process.stdout.write("A second pulumi up found nothing to change.\n");
}

async function quickstart(): Promise<void> {
  await ensureEngines(["pulumi"]);
  const emulator = await startEmulator();
  report("emulator", `IAM listens at ${emulator.url}, on this machine only`);
  try {
    const project = await PulumiProject.create({ linkFrom: join(__dirname, ".."), stack: "quickstart" });
    try {
      await story(emulator, project);
    } finally {
      project.cleanup();
    }
  } finally {
    await emulator.close();
  }
}

// A terminal signals us and our parent, which passes it on: the second must not cut the cleaning up short.
const stop = new AbortController();
(["SIGINT", "SIGTERM", "SIGHUP"] as const).forEach((signal) => process.on(signal, () => stop.abort()));
quickstart().catch((error: Error) => {
  process.stderr.write(stop.signal.aborted ? "Interrupted; everything was stopped.\n" : `${error.message}\n`);
  process.exitCode = stop.signal.aborted ? INTERRUPTED : 1;
});
