// Loaded before all tests (.mocharc.yml) and by programs that tests start: `require` takes TypeScript. Types are left to
// `npm run lint`. What changed is compiled by esbuild into build/transpiled, in one go: ts-node compiles every file in
// every process anew, which was most of the cost of a short run.

const {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} = require("node:fs");
const { basename, dirname, join, relative } = require("node:path");

const ROOT = dirname(__dirname);
const OUT = join(ROOT, "build/transpiled");
const FOLDERS = ["provider", "sdk/nodejs", "emulator", "test", "scripts", "bench", "examples"];

const compiled = (file) => join(OUT, relative(ROOT, file).replace(/ts$/, "js"));

/** A compiled file has the time of its source; file systems keep a time to the millisecond at least. */
function isFresh(file) {
  const out = compiled(file);
  return existsSync(out) && Math.abs(statSync(out).mtimeMs - statSync(file).mtimeMs) < 2;
}

function compile(files) {
  const { outputFiles } = require("esbuild").buildSync({
    entryPoints: files,
    outbase: ROOT,
    outdir: OUT,
    write: false,
    format: "cjs",
    platform: "node",
    target: "node20",
    sourcemap: "external",
    sourcesContent: false,
    logLevel: "error",
  });
  const outputs = new Map(outputFiles.map(({ path, text }) => [path, text]));
  files.forEach((file) => keep(file, outputs.get(compiled(file)), outputs.get(`${compiled(file)}.map`)));
}

/** Node looks for the source beside the file that it believes to run, which is the source itself. */
function keep(file, text, map) {
  const out = compiled(file);
  const beside = JSON.stringify({ ...JSON.parse(map), sources: [basename(file)] });
  const url = `data:application/json;base64,${Buffer.from(beside).toString("base64")}`;
  mkdirSync(dirname(out), { recursive: true });
  // Another process may be reading it.
  const aside = `${out}.${process.pid}`;
  writeFileSync(aside, `${text}//# sourceMappingURL=${url}\n`);
  utimesSync(aside, statSync(file).atime, statSync(file).mtime);
  renameSync(aside, out);
}

function sources(folder) {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name));
  return files.map((entry) => join(entry.parentPath, entry.name));
}

const stale = FOLDERS.flatMap(sources).filter((file) => !isFresh(file));
if (stale.length > 0) compile(stale);

process.setSourceMapsEnabled(true);

/** A file of modules that tests run in place of the sources. It exports, by path from the root, what loads each. */
const { YCIAM_TEST_MODULES } = process.env;

require.extensions[".ts"] = (module, file) => {
  const path = relative(ROOT, file).replaceAll("\\", "/");
  if (YCIAM_TEST_MODULES && path.startsWith("provider/"))
    module.exports = require(YCIAM_TEST_MODULES)[path]();
  else module._compile(readFileSync(compiled(file), "utf8"), file);
};
