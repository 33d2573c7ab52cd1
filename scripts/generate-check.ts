// Says what `npm run generate` would write otherwise than it stands; exit code 1 when there is something.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSchema } from "../provider/pulumi/schema/index";
import { ensureEngines } from "../test/engines/bootstrap";
import { readmeAsItShouldBe } from "./generate-docs";
import { filesWithNames } from "./generate-names";
import { terraformDocs } from "./generate-terraform-docs";
import { generatedFiles } from "./generate-types";

const ROOT = join(__dirname, "..");
const SCHEMA = "provider/pulumi/schema.json";
/** Languages whose SDK is written by hand. */
const BY_HAND = ["nodejs"];
/** What is by hand in the others. */
const KEPT = /^(go\.(mod|sum)|\.git\w+|README\.md)$/;

const read = (path: string) => (existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), "utf8") : "");

/** The files that are not as they would be written, but for the SDKs. */
function staleTexts(): readonly string[] {
  const fresh = {
    ...filesWithNames(ROOT),
    ...generatedFiles(),
    ...terraformDocs(),
    "README.md": readmeAsItShouldBe(read("README.md")),
    [SCHEMA]: `${JSON.stringify(createSchema(), undefined, 2)}\n`,
  };
  return Object.keys(fresh).filter((path) => read(path) !== fresh[path as keyof typeof fresh]);
}

/** The files of the SDK for a language that are not as the schema gives them. */
function staleSdk(sdkgen: string, language: string): readonly string[] {
  const scratch = mkdtempSync(join(tmpdir(), "yciam-sdk-"));
  try {
    execFileSync(sdkgen, [language, join(ROOT, SCHEMA), scratch]);
    const entries = readdirSync(scratch, { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(scratch.length + 1));
    const isStale = (path: string) =>
      read(join("sdk", language, path)) !== readFileSync(join(scratch, path), "utf8");
    return paths
      .filter((path) => !KEPT.test(path) && isStale(path))
      .map((path) => join("sdk", language, path));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const stale = [...staleTexts()];
  if (process.argv.includes("--sdks")) {
    const { sdkgen } = await ensureEngines(["sdkgen"]);
    const languages = readdirSync(join(ROOT, "sdk")).filter((name) => !BY_HAND.includes(name));
    if (sdkgen === undefined) process.stderr.write("the SDKs are not looked at, since there is no Go\n");
    else
      languages.forEach((language) => stale.push(...staleSdk(join(sdkgen[0] as string, "sdkgen"), language)));
  }
  process.stdout.write(stale.map((path) => `${path}\n`).join(""));
  process.exitCode = stale.length > 0 ? 1 : 0;
}

void main();
