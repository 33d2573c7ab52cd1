import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Emulator, KeyFile } from "../../../emulator";
import { PulumiProject, type PulumiProjectOptions } from "../../support/pulumi";
import { pluginFolder } from "../../support/programs";
import { type ProgramRuntime } from "../../support/pulumi-files";
import { ok } from "../../support/run-command";

const ROOT = join(__dirname, "../../..");

/** The folder that `npm run build` makes. */
export const PLUGIN_FOLDER = pluginFolder("pulumi-resource-yciam");

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

/** Puts another program in the place of a YAML project's. */
export function rewrite({ dir }: PulumiProject, program: Readonly<Record<string, unknown>>): void {
  const whole = { name: "yciam-e2e", runtime: "yaml", plugins: PLUGINS, ...program };
  writeFileSync(join(dir, "Pulumi.yaml"), stringify(whole, { aliasDuplicateObjects: false }));
}

/** One resource in a state. */
export interface StateResource {
  readonly urn: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Changes what is saved of the resources with this name, and answers the first one's URN. */
export async function editState(
  project: PulumiProject,
  name: string,
  change: (resource: StateResource) => StateResource,
): Promise<string> {
  const file = join(project.root, "state.json");
  ok(await project.run(["stack", "export", "--show-secrets", "--file", file]));
  const state = JSON.parse(readFileSync(file, "utf8")) as { deployment: { resources: StateResource[] } };
  const isMeant = ({ urn }: StateResource) => urn.endsWith(`::${name}`);
  const resources = state.deployment.resources.map((one) => (isMeant(one) ? change(one) : one));
  writeFileSync(file, JSON.stringify({ ...state, deployment: { ...state.deployment, resources } }));
  ok(await project.run(["stack", "import", "--file", file]));
  return resources.find(isMeant)?.urn ?? "";
}

/** Lets the token that is saved under this name come to its end at another time, as hours would. */
export function age(project: PulumiProject, name: string, end: string): Promise<string> {
  // Wherever the time stands, inside a secret's text too.
  const time = /(expiresAt[\\"]*:[\\"]*)\d{4}-[^"\\]+/g;
  const aged = (text: string) => JSON.parse(text.replace(time, `$1${end}`)) as StateResource;
  return editState(project, name, (resource) => aged(JSON.stringify(resource)));
}
