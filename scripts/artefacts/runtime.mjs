// The runtime of the executable is Bun. Packages of npm carry its program for each platform. They are no dependencies:
// one is 100 MB, and a release needs those of every platform.

import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { extract } from "tar";
import { cacheDirOf } from "../cache-folder.mjs";
import { npm } from "../npm.mjs";

const VERSION = "1.4.5";

/** By platform as Node names it: the package's, and the SHA-256 of the program in it. */
const RUNTIMES = {
  "linux-x64": ["linux-x64", "f05d28a3862f4b84395c7fa32480b835dd47482e80b7e7a49a115227f0c06083"],
  "linux-arm64": ["linux-aarch64", "04778f1f42399a69d086853e9c7af4acf574b2f21a43d0dc673853d8b84a2923"],
  "darwin-x64": ["darwin-x64", "88f97645b270aef20f9f9442f1658461cab3e7128e658af4615144e3396f084a"],
  "darwin-arm64": ["darwin-aarch64", "e2984124f1514e1e6bbda20adedbf07a02c443c6a5828853a15c7c7abf78e19f"],
  "win32-x64": ["windows-x64", "e06ad0864463c68892ae71a2a64af7eae1585cac5dd9b80bc042f45605587cb1"],
  "win32-arm64": ["windows-aarch64", "8bd7f9210f9d58cc21f398d1478e53b2ff919a0c8fc935b5086f3f64667cec6d"],
};

/** What is known of the runtime for a platform: its package in npm, and the SHA-256 of the program in it. */
export function runtimeFacts(platform) {
  const [name, sha256] = RUNTIMES[platform];
  return { name: `@oven/bun-${name}`, version: VERSION, program: programIn(platform), sha256 };
}

/** The name of the folder that a runtime is kept in, which is in `runtimes` of the cache folder. */
export const runtimeFolder = (platform) => `${RUNTIMES[platform][0]}-${VERSION}`;

const programIn = (platform) => (platform.startsWith("win32") ? "bin/bun.exe" : "bin/bun");

/** Where runtimes are kept between builds. */
const cacheFolder = join(cacheDirOf(process.env), "runtimes");

/**
 * The runtime's program for a platform; npm brings it where it was not needed before.
 * @param {string} platform as Node names it, such as `linux-x64`
 * @returns {Promise<string>} its path
 * @throws Error that says why it cannot be had; StrangeRuntimeError where it is not the one that is expected
 */
export async function runtimeFor(platform) {
  if (!(platform in RUNTIMES)) throw new Error(`there is no runtime for ${platform}`);
  const [name, wanted] = RUNTIMES[platform];
  const folder = join(cacheFolder, runtimeFolder(platform));
  const program = join(folder, "package", programIn(platform));
  if (!existsSync(program)) await fetchPackage(`@oven/bun-${name}@${VERSION}`, folder);
  const found = createHash("sha256").update(readFileSync(program)).digest("hex");
  if (found === wanted) return program;
  throw new StrangeRuntimeError(
    `${program} is not the runtime that is expected: its SHA-256 is ${found}. Remove it.`,
  );
}

/** A program that is not the one that was chosen: a build must not go on with it, nor quietly without it. */
export class StrangeRuntimeError extends Error {}

/** With these variables, and those whose names begin so, the runtime loads any code, or lets a debugger in. */
const UNHEARD = ["BUN_OPTIONS", "BUN_INSPECT"];

/**
 * Copies the runtime so that it does not hear those variables: no settings for that exist. In the copy their names begin
 * with the byte that ends a name. Where its own JavaScript has a name, it stays.
 * @throws StrangeRuntimeError where they are not found
 */
export function copyUnhearing(program, to) {
  const bytes = readFileSync(program);
  for (const name of UNHEARD) {
    const places = placesOf(bytes, name).filter((at) => bytes[at - 1] !== ".".charCodeAt(0));
    if (places.length === 0) throw new StrangeRuntimeError(`the runtime has no ${name}`);
    places.forEach((at) => bytes.writeUInt8(0, at));
  }
  writeFileSync(to, bytes, { mode: 0o755 });
}

function placesOf(bytes, name) {
  const places = [];
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) places.push(at);
  return places;
}

async function fetchPackage(name, folder) {
  mkdirSync(cacheFolder, { recursive: true });
  const aside = mkdtempSync(`${folder}.`);
  try {
    // A build without a network does not wait for long.
    const patience = ["--fetch-retries=0", "--fetch-timeout=60000"];
    await npm("pack", name, "--silent", ...patience, "--pack-destination", aside);
    const archive = join(aside, readdirSync(aside)[0]);
    extract({ file: archive, cwd: aside, sync: true });
    rmSync(archive);
    chmodSync(aside, 0o755);
    putInPlace(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function putInPlace(aside, folder) {
  try {
    renameSync(aside, folder);
  } catch (error) {
    // Another build was faster.
    if (!existsSync(folder)) throw error;
  }
}
