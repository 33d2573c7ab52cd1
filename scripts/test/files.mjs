import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * The test files that these words choose, by path from the root: `unit` (those that start no program), files, folders;
 * all of them where there is no word.
 * @throws Error for a word that chooses none
 */
export function chooseTests(root, words) {
  const all = readdirSync(join(root, "test"), { recursive: true })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `test/${name.replaceAll("\\", "/")}`)
    .sort();
  const chosen = words.flatMap((word) => {
    const path = relative(root, join(root, word));
    const found = all.filter((file) =>
      word === "unit" ? !startsPrograms(root, file) : file === path || file.startsWith(`${path}/`),
    );
    if (found.length > 0) return found;
    throw new Error(`There is no test in ${word}. Name a test file, a folder of them, or unit.`);
  });
  return words.length === 0 ? all : [...new Set(chosen)];
}

/**
 * Whether a test starts real programs (an engine, a child of Node), by what it and its helpers import, or looks at a
 * release, which they make.
 */
export function startsPrograms(root, file) {
  if (file.startsWith("test/release/")) return true;
  const text = readFileSync(join(root, file), "utf8");
  if (text.includes('from "node:child_process"')) return true;
  return Array.from(text.matchAll(/from "(\.[^"]+)"/g), ([, path]) => join(dirname(file), path))
    .flatMap((path) => [path, `${path}.ts`, `${path}/index.ts`])
    .filter((path) => /^(test|scripts)\/.*\.m?ts$|\.mjs$/.test(path) && existsSync(join(root, path)))
    .some((path) => startsPrograms(root, path));
}

/**
 * What depends on the runtime: HTTP, TLS, files, processes, cryptography, errors, the loading of modules. One file is left
 * out, which takes 24 s: disk-cache-processes has the same lock fought over.
 */
const OF_THE_RUNTIME =
  /^test\/(contract|faults|platform\/(?!process-lock)|resolvers|core\/iam|core\/words|tls|grpc|terraform\/plugin|(app\/resolver-modules|emulator\/grpc|pulumi\/engine-log|(pulumi|terraform)\/server)\.test\.ts$)/;

/** Whether a test runs on the executable's runtime too. */
export function runsOnBoth(file) {
  return OF_THE_RUNTIME.test(file);
}

/** What starts a program of each host, and looks at how it behaves as a process. */
const OF_THE_PROGRAMS = /^test\/(cli\/|pulumi\/process\.|e2e\/terraform\.)/;

/** Whether a test starts the programs for Node too. */
export function startsBoth(file) {
  return OF_THE_PROGRAMS.test(file);
}

/** Whether a test says, in a comment of its own, that nothing may run beside it. */
export function runsAlone(root, file) {
  return /^\/\/ Runs alone: /m.test(readFileSync(join(root, file), "utf8"));
}
