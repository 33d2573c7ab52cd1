import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import ts from "typescript";

/** The repository's root folder. */
export const ROOT = join(__dirname, "../..");

/** One import, export-from, `import()` or `require()` of one file; paths are relative to the root, with slashes. */
export interface Edge {
  readonly from: string;
  /** A file of the repository, or the name of a package or a Node module. */
  readonly to: string;
  /** It is gone at run time. */
  readonly typeOnly: boolean;
}

/** Every TypeScript source under those of these folders that are there, but for what is generated or installed. */
export function sourceFiles(folders: readonly string[]): readonly string[] {
  const all = folders
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) => readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile() && /(?<!\.d)\.m?ts$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  return all.filter((file) => !/(^|\/)(node_modules|dist)\//.test(file)).sort();
}

/** A file as TypeScript parses it. */
export function parseFile(file: string): ts.SourceFile {
  const text = readFileSync(join(ROOT, file), "utf8");
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** The imports of these files. */
export function importsAmong(files: readonly string[]): readonly Edge[] {
  const known = new Set(files);
  return files.flatMap((from) =>
    importsOf(readFileSync(join(ROOT, from), "utf8")).map(({ specifier, typeOnly }) => ({
      from,
      to: resolveSpecifier(from, specifier, known),
      typeOnly,
    })),
  );
}

/** Every way in which a module can name another by a literal: imports, exports, `import()` and `require()`. */
export function importsOf(text: string): readonly { specifier: string; typeOnly: boolean }[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName: specifier, pos }) => {
    const statement =
      text
        .slice(0, pos)
        .split(/^(?=(?:import|export)\b)/m)
        .at(-1) ?? "";
    // All of it, or each name of it, is erased at run time.
    const typeOnly = /^\w+ (?:type |\{(?:\s*type [^,}]+,?)+\s*\} from )[^;]*$/.test(statement);
    return { specifier, typeOnly };
  });
}

/** A file among those known; else `@scope/name` or `name`, a Node module, or a path that leads to none of them. */
function resolveSpecifier(from: string, specifier: string, known: ReadonlySet<string>): string {
  if (specifier.startsWith("node:")) return specifier;
  if (!specifier.startsWith(".")) return /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const path = posix.join(dirname(from), specifier);
  const bare = path.replace(/\.m?js$/, "");
  return [`${bare}.ts`, `${bare}/index.ts`, `${bare}.mts`].find((file) => known.has(file)) ?? path;
}

/** One cycle for each group of files that import one another in a circle, as the path around it. */
export function findCycles(edges: readonly Edge[]): readonly string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) cycles.push([...path.slice(at), file].join(" -> "));
    if (at >= 0 || done.has(file)) return;
    edges.filter(({ from }) => from === file).forEach(({ to }) => walk(to, [...path, file]));
    done.add(file);
  };
  edges.forEach(({ from }) => walk(from, []));
  return cycles;
}

/** All that some chain of imports leads to from these files, themselves included. */
export function reachedFrom(edges: readonly Edge[], entries: readonly string[]): ReadonlySet<string> {
  const reached = new Set(entries);
  for (const file of reached) edges.filter(({ from }) => from === file).forEach(({ to }) => reached.add(to));
  return reached;
}
