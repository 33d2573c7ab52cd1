import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ok, runCommand } from "../../support/run-command";
import { bundle } from "./demo-program";

const ROOT = join(__dirname, "../../..");

/** The version that is built. */
export const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  version: string;
};

/** What `npm run build` makes for Terraform, made into a folder of its own. */
export interface Built {
  /** As `dev_overrides` takes it. */
  readonly folder: string;
  readonly executable: string;
  /** Names of the files that are to be published. */
  readonly published: readonly string[];
}

/** Builds the plugin as it is released. */
export async function buildProvider(out: string, ...args: string[]): Promise<Built> {
  const script = join(ROOT, "scripts/build-terraform.mjs");
  const env = { PATH: process.env["PATH"] ?? "" };
  ok(await runCommand([process.execPath, script, "--out", out, ...args], { env, cwd: ROOT }));
  const folder = join(out, "terraform-provider-yciam");
  const published = readdirSync(out).filter((name) => name.startsWith("terraform-provider-yciam_"));
  return { folder, executable: join(folder, `terraform-provider-yciam_v${version}`), published };
}

/** Bundles a provider of this folder: the one that takes a token, or the one that stands in for Yandex Cloud's own. */
export function buildHelper(name: "sink" | "yandex", file: string): string {
  bundle(join(__dirname, `${name}-main.ts`), file);
  return file;
}
