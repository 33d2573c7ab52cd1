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
import { homedir } from "node:os";
import { join } from "node:path";
import { extract } from "tar";
import { npm } from "../npm.mjs";

const VERSION = "1.4.5";

/** By platform as Node names it: the package, and the hash of it that npm's registry gives. */
const RUNTIMES = {
  "linux-x64": [
    "linux-x64",
    "sha512-IWX9BELoGHAUtMonkeSaNaZwXzRk+oDw6Mk+HBFXd3KHYIBNBsIGRupMZPcgNoDbJpLu6gAJjIoIVPZtt1aJ1g==",
  ],
  "linux-arm64": [
    "linux-aarch64",
    "sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==",
  ],
  "darwin-x64": [
    "darwin-x64",
    "sha512-qkLPMGHZM9NI6CeHTWwVezzmlo6cC4Ta7yUAjYIWXS366qQcOlcp75t2uZyiuVRBMPS0h9qE0tCcvCHGaFqjJg==",
  ],
  "darwin-arm64": [
    "darwin-aarch64",
    "sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ==",
  ],
  "win32-x64": [
    "windows-x64",
    "sha512-FNvply651vcE/GHgNWz6mZvhmkwBuu8Hw54oNzA+CQog+HW+542rXQmZqNHRkFxazD9L3xi+iTtvO3engAgJfw==",
  ],
  "win32-arm64": [
    "windows-aarch64",
    "sha512-MiPFZnBNDnBXgr1oONc5pizC4fOLjnIOfNkYdFEnWzLmoFTg86naZIG3SvS7d/GglpQSAnCKMAzSjI/TAckiRw==",
  ],
};

/** This machine, as Node names it, such as `linux-x64`. */
export const ownPlatform = `${process.platform}-${process.arch}`;

/** Where runtimes are kept between builds. */
function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "yciam/runtimes");
}

/**
 * The runtime's program for a platform; npm brings it where it was not needed before.
 * @returns {Promise<string>} its path
 * @throws Error that says why it cannot be had
 */
export async function runtimeFor(platform) {
  if (!(platform in RUNTIMES)) throw new Error(`there is no runtime for ${platform}`);
  const [name, integrity] = RUNTIMES[platform];
  const folder = join(cacheFolder(), `${name}-${VERSION}`);
  const program = join(folder, "package/bin", platform.startsWith("win32") ? "bun.exe" : "bun");
  if (!existsSync(program)) await fetchPackage(`@oven/bun-${name}@${VERSION}`, integrity, folder);
  return program;
}

/** With these variables, and those whose names begin so, the runtime loads any code, or lets a debugger in. */
const UNHEARD = ["BUN_OPTIONS", "BUN_INSPECT"];

/**
 * Copies the runtime so that it does not hear those variables: no settings for that exist. In the copy their names begin
 * with the byte that ends a name. Where its own JavaScript has a name, it stays.
 * @throws Error where the runtime has no such names: then another way must be found
 */
export function copyUnhearing(program, to) {
  const bytes = readFileSync(program);
  for (const name of UNHEARD) {
    const places = placesOf(bytes, name).filter((at) => bytes[at - 1] !== ".".charCodeAt(0));
    if (places.length === 0) throw new Error(`the runtime has no ${name}`);
    places.forEach((at) => bytes.writeUInt8(0, at));
  }
  writeFileSync(to, bytes, { mode: 0o755 });
}

function placesOf(bytes, name) {
  const places = [];
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) places.push(at);
  return places;
}

async function fetchPackage(name, integrity, folder) {
  mkdirSync(cacheFolder(), { recursive: true });
  const aside = mkdtempSync(`${folder}.`);
  try {
    await npm("pack", name, "--silent", "--pack-destination", aside);
    const archive = join(aside, readdirSync(aside)[0]);
    const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
    if (found !== integrity)
      throw new Error(`${name} is not the package that is expected: its hash is ${found}`);
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
