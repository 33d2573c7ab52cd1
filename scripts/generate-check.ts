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
const KEPT = /^(go\.(mod|sum)|\.git\w+|README\.md|pom\.xml)$/;

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
function staleSdk(sdkgen: string, language: string): Promise<readonly string[]> {
  return inScratch(async (scratch) => {
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
  });
}

async function staleSdks(): Promise<readonly string[]> {
  const { sdkgen } = await ensureEngines(["sdkgen"]);
  if (sdkgen === undefined) process.stderr.write("the SDKs are not looked at, since there is no Go\n");
  const languages = readdirSync(join(ROOT, "sdk")).filter((name) => !BY_HAND.includes(name));
  const program = join(sdkgen?.[0] ?? "", "sdkgen");
  const stale = await Promise.all(
    (sdkgen === undefined ? [] : languages).map((name) => staleSdk(program, name)),
  );
  return stale.flat();
}

/** What GitHub's runner takes as it is committed. */
async function staleAction(): Promise<readonly string[]> {
  const { makeAction } = await import("./artefacts/action.mjs");
  return inScratch(async (scratch) => {
    await makeAction(scratch);
    return readdirSync(scratch)
      .map((name) => join("action", name))
      .filter((path) => read(path) !== readFileSync(join(scratch, path.slice("action/".length)), "utf8"));
  });
}

async function inScratch(look: (scratch: string) => Promise<readonly string[]>): Promise<readonly string[]> {
  const scratch = mkdtempSync(join(tmpdir(), "yciam-generated-"));
  try {
    return await look(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const stale = [...staleTexts(), ...(await staleAction())];
  if (process.argv.includes("--sdks")) stale.push(...(await staleSdks()));
  process.stdout.write(stale.map((path) => `${path}\n`).join(""));
  process.exitCode = stale.length > 0 ? 1 : 0;
}

void main();
