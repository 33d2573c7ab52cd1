import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleInto } from "../../support/bundle";
import { pluginFolder } from "../../support/programs";

const ROOT = join(__dirname, "../../..");

/** The version that is built. */
export const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  version: string;
};

/** The plugin, and settings by which a CLI takes it, and the providers of these tests, without `init`. */
export interface Installed {
  /** The built plugin. */
  readonly executable: string;
  readonly overrides: string;
}

let installed: Promise<Installed> | undefined;

/** Makes everything that is not built yet, once in a process. */
export function buildAll(): Promise<Installed> {
  return (installed ??= buildInto(mkdtempSync(join(tmpdir(), "tf-built-"))));
}

async function buildInto(out: string): Promise<Installed> {
  process.on("exit", () => rmSync(out, { recursive: true, force: true }));
  const folder = pluginFolder("terraform-provider-yciam");
  const folders = { "yciam/yciam": folder, "example/sink": out, "yandex-cloud/yandex": out };
  for (const name of ["sink", "yandex"]) buildTestProvider(join(out, `terraform-provider-${name}`));
  const lines = Object.entries(folders).map(([name, folder]) => `"${name}" = ${JSON.stringify(folder)}`);
  const executable = join(folder, `terraform-provider-yciam_v${version}`);
  return { executable, overrides: `dev_overrides {\n${lines.join("\n")}\n}\ndirect {}` };
}

/** Bundles a provider of these tests into one executable file, whose name says which one. */
export function buildTestProvider(file: string): void {
  bundleInto(join(__dirname, "provider-main.ts"), file);
  chmodSync(file, 0o755);
}

/** This machine in Go's words. */
export function goPlatform(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return `${os}_${process.arch === "x64" ? "amd64" : process.arch}`;
}
