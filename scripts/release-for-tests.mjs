// Makes the release that the tests of test/release install from, in build/release, with a key made for it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { generateKey } from "openpgp";
import { filesBelow } from "./artefacts/files.mjs";
import { sourcesDigest } from "./fresh.mjs";
import { runQuietly } from "./child.mjs";
import { ownPlatform } from "./platforms.mjs";
import { during, report } from "./progress.mjs";
import { root } from "./root.mjs";

const OUT = join(root, "build/release");
const STAMP = join(root, "build/.release");
/** The public half of the key, armoured. */
const KEY = join(root, "build/release-key.asc");
const BESIDES = ["CHANGELOG.md", "LICENSE", "README.md", "README.ru.md", "release.config.json"];

function digest() {
  const hash = createHash("sha256").update(sourcesDigest(root));
  const sdk = filesBelow(join(root, "sdk")).map((name) => join("sdk", name));
  for (const name of [...BESIDES, ...sdk]) hash.update(`${name}\0`).update(readFileSync(join(root, name)));
  return hash.digest("hex");
}

/** Makes the release anew where anything that it is made from has changed: for this machine, and for two others. */
export async function setUpRelease() {
  const now = digest();
  if (existsSync(OUT) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === now)
    return report("release", "up to date");
  rmSync(STAMP, { force: true });
  const key = await generateKey({
    type: "rsa",
    rsaBits: 2048,
    userIDs: [{ name: "yciam's tests", email: "tests@yciam.example" }],
  });
  const platforms = [...new Set([ownPlatform?.name, "darwin_arm64", "windows_amd64"])].filter(Boolean);
  const args = ["scripts/release.mjs", "--out", OUT, ...platforms.map((name) => `--platform=${name}`)];
  const env = { ...process.env, YCIAM_RELEASE_KEY: key.privateKey };
  const make = () => runQuietly(process.execPath, args, { cwd: root, env });
  await during("release", "making it with npm run release", make);
  writeFileSync(KEY, key.publicKey);
  writeFileSync(STAMP, now);
}

// For `npx mocha test/release/...`, which sets nothing up.
if (import.meta.url === pathToFileURL(process.argv[1]).href) await setUpRelease();
