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
 * What is tested of the modules as they are compiled in the executable, too: credentials, secrecy, errors, HTTP, TLS,
 * proxies, files, processes, both protocols. process-lock takes 24 s, and is left out: disk-cache-processes has the same
 * lock fought over. pulumi/process starts the executable itself.
 */
const OF_THE_EXECUTABLE =
  /^test\/(app|bad-input|contract|core|emulator\/grpc|faults|grpc|handout\/(mask|servers)|platform\/(?!process-lock)|pulumi\/(?!process)|resolvers|terraform|tls)\b/;

/** Whether a test runs on the modules as they are compiled in the executable, too. */
export function runsCompiled(file) {
  return OF_THE_EXECUTABLE.test(file);
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
