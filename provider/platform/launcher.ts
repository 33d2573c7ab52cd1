import { createHash, randomBytes } from "node:crypto";
import { lstatSync, readFileSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";
import { importModule } from "./import-module";

interface Module {
  exports: unknown;
}
type Require = (id: string) => unknown;
type Wrapped = (exports: unknown, require: Require, module: Module, file: string, folder: string) => void;

/** A run that took longer may have dropped what it compiled first. Milliseconds. */
const SHORT_MS = 10_000;
const DIGEST_BYTES = 32;

/**
 * Starts a program of the npm package. Most of what it takes beyond Node's own start is compiling the same functions each
 * time, so V8's compiled code of the first run that asked IAM for a token is kept, and later runs begin with it.
 *
 * It is kept beside the program and nowhere else: whoever may write there may write the program as well. A cache folder
 * is no place for code, since CI systems share such folders between jobs that do not trust each other.
 * @param folder where the program and its library are
 * @param name of the program's file there
 */
export function start(folder: string, name: string): void {
  const isOff = process.env.NODE_DISABLE_COMPILE_CACHE === "1";
  const require = createRequire(join(folder, name));
  const loaded = new Map<string, Module>([["./import-module", { exports: { importModule } }]]);
  const compiled: Compiled[] = [];
  const load = (id: string): unknown => {
    const former = loaded.get(id);
    if (former !== undefined) return former.exports;
    const module: Module = { exports: {} };
    const code = compile(join(folder, id), isOff);
    compiled.push(code);
    (code.script.runInThisContext() as Wrapped)(module.exports, requireBelow, module, code.file, folder);
    loaded.set(id, module);
    return module.exports;
  };
  const requireBelow: Require = Object.assign(
    (id: string): unknown => (id.startsWith("./") ? load(id) : require(id)),
    require,
  );
  process.once("exit", (code) => {
    const isWhole = code === 0 && loaded.has("./got.js");
    if (!isOff && isWhole && performance.now() < SHORT_MS) keep(folder, compiled);
  });
  load(`./${name}`);
}

interface Compiled {
  readonly file: string;
  readonly source: Buffer;
  readonly script: Script;
  readonly isKept: boolean;
}

function compile(file: string, isOff: boolean): Compiled {
  const source = readFileSync(file);
  const cachedData = isOff ? undefined : readKept(file, source);
  const text = `(function (exports, require, module, __filename, __dirname) {\n${source.toString("latin1")}\n})`;
  const script = new Script(text, {
    filename: file,
    lineOffset: -1,
    ...(cachedData && { cachedData }),
  });
  // V8 refuses what was compiled with other flags. It is left to the runs that have those.
  return { file, source, script, isKept: cachedData !== undefined };
}

/** V8 itself compares only versions, flags and the length of the source, and dies of damaged data. */
function readKept(file: string, source: Buffer): Buffer | undefined {
  try {
    if (!isAsSafe(lstatSync(keptAt(file)), statSync(file))) return undefined;
    const kept = readFileSync(keptAt(file));
    const data = kept.subarray(DIGEST_BYTES);
    return kept.subarray(0, DIGEST_BYTES).equals(digest(source, data)) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Whether nobody could write what is kept who could not write the program. */
function isAsSafe(kept: Stats, program: Stats): boolean {
  return kept.isFile() && kept.uid === program.uid && (kept.mode & ~program.mode & 0o022) === 0;
}

function keep(folder: string, compiled: readonly Compiled[]): void {
  try {
    // One who may write without owning the folder, such as root, leaves nothing of his in it.
    if ((process.geteuid?.() ?? 0) !== statSync(folder).uid) return;
    for (const { file, source, script, isKept } of compiled) {
      if (isKept) continue;
      const data = script.createCachedData();
      const temporary = `${keptAt(file)}.${randomBytes(8).toString("hex")}`;
      try {
        // Whatever the umask: who may write here could put other code in its place.
        const how = { flag: "wx", mode: 0o644 };
        writeFileSync(temporary, Buffer.concat([digest(source, data), data]), how);
        renameSync(temporary, keptAt(file));
      } finally {
        rmSync(temporary, { force: true });
      }
    }
  } catch {
    // The next run compiles it again.
  }
}

const keptAt = (file: string) => `${file}.${process.version}-${process.platform}-${process.arch}.cache`;

function digest(source: Buffer, data: Buffer): Buffer {
  return createHash("sha256").update(source).update(data).digest();
}
