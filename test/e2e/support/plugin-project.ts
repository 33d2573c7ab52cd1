import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readFileSync } from "node:fs";
import type { Emulator, KeyFile } from "../../../emulator";
import { type ProgramRuntime } from "../../support/pulumi-files";
import { PulumiProject, type PulumiProjectOptions } from "../../support/pulumi";

const ROOT = join(__dirname, "../../..");

/** The folder that `npm run build` makes. */
export const PLUGIN_FOLDER = join(ROOT, "build/pulumi-resource-yciam");

/** A key of Pulumi.yaml that makes the engine take the plugin from its folder. */
export const PLUGINS = { providers: [{ name: "yciam", path: PLUGIN_FOLDER }] };

/** What every plugin of a test is told by its environment: where the emulator is, and no metadata service. */
export function emulatorEnv(emulator: Emulator): Record<string, string> {
  return {
    YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
    YCIAM_AUTH_ENDPOINT: emulator.authEndpoint,
    YC_METADATA_ADDR: "127.0.0.1:1",
  };
}

/** A project that is made of an example as users read it, but for the plugin's path. */
export async function exampleProject(
  story: string,
  options: PulumiProjectOptions = {},
): Promise<PulumiProject> {
  const folder = join(ROOT, "examples", story);
  const pulumiYaml = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
  return PulumiProject.create({
    copyFrom: folder,
    runtime: pulumiYaml.runtime as ProgramRuntime,
    pulumiYaml: { ...pulumiYaml, plugins: PLUGINS },
    ...options,
  });
}

/** Writes a key file that only its owner can read, and answers its path. */
export function writeKey(project: PulumiProject, key: KeyFile): string {
  const path = join(project.root, "key.json");
  writeFileSync(path, JSON.stringify(key), { mode: 0o600 });
  return path;
}

/** A YAML program that uses the plugin. */
export function yamlProject(
  program: Readonly<Record<string, unknown>>,
  options: PulumiProjectOptions = {},
): Promise<PulumiProject> {
  return PulumiProject.create({ runtime: "yaml", pulumiYaml: { plugins: PLUGINS, ...program }, ...options });
}
