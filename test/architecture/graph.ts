import { readdirSync, readFileSync } from "node:fs";
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

/** The files, and what each imports. */
export interface Graph {
  readonly files: readonly string[];
  readonly edges: readonly Edge[];
}

/** Every TypeScript source under these folders, build products and installed packages left out. */
export function sourceFiles(folders: readonly string[]): readonly string[] {
  const all = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.m?ts$/.test(entry.name) && !/\.d\.m?ts$/.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll("\\", "/")),
  );
  return all.filter((file) => !/(^|\/)(node_modules|dist)\//.test(file)).sort();
}

/** A file as TypeScript parses it. */
export function parseFile(file: string): ts.SourceFile {
  const text = readFileSync(join(ROOT, file), "utf8");
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** Reads the imports of these files. */
export function importGraph(files: readonly string[]): Graph {
  const known = new Set(files);
  const edges = files.flatMap((file) =>
    importsOf(parseFile(file)).map(({ specifier, typeOnly }) => ({
      from: file,
      to: resolveSpecifier(file, specifier, known),
      typeOnly,
    })),
  );
  return { files, edges };
}

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Every way in which a file can name another module by a literal. */
export function importsOf(source: ts.SourceFile): readonly Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, typeOnly: boolean) => {
    if (node !== undefined && ts.isStringLiteralLike(node)) found.push({ specifier: node.text, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    if (ts.isExportDeclaration(node))
      add(node.moduleSpecifier, node.isTypeOnly || allTypes(node.exportClause));
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    if (ts.isExternalModuleReference(node)) add(node.expression, false);
    if (ts.isCallExpression(node) && loadsModule(node.expression)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  return clause.name === undefined && allTypes(clause.namedBindings);
}

/** `{ type A, type B }`: erased at run time like `import type`. */
function allTypes(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  if (bindings === undefined || !("elements" in bindings) || bindings.elements.length === 0) return false;
  return [...bindings.elements].every((element) => element.isTypeOnly);
}

function loadsModule(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require")
  );
}

function resolveSpecifier(from: string, specifier: string, known: ReadonlySet<string>): string {
  if (!specifier.startsWith(".")) return packageName(specifier);
  const path = posix.join(dirname(from), specifier);
  const bare = path.replace(/\.m?js$/, "");
  return [`${bare}.ts`, `${bare}/index.ts`, `${bare}.mts`].find((file) => known.has(file)) ?? path;
}

/** `@scope/name/sub` and `name/sub` without what comes after the name; Node's modules as they are. */
function packageName(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** One cycle for each group of files that import one another in a circle, as the path around it. */
export function findCycles(edges: readonly Edge[]): readonly string[] {
  const next = new Map<string, string[]>();
  edges.forEach(({ from, to }) => next.set(from, [...(next.get(from) ?? []), to]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) cycles.push([...path.slice(at), file].join(" -> "));
    if (at >= 0 || done.has(file)) return;
    (next.get(file) ?? []).forEach((to) => walk(to, [...path, file]));
    done.add(file);
  };
  next.forEach((_, file) => walk(file, []));
  return cycles;
}

/** The files that no chain of imports leads to from the entries. */
export function findUnreached({ files, edges }: Graph, entries: readonly string[]): readonly string[] {
  const reached = new Set<string>();
  const reach = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    edges.filter(({ from }) => from === file).forEach(({ to }) => reach(to));
  };
  entries.forEach(reach);
  return files.filter((file) => !reached.has(file));
}

/** The files that import one of these, directly or through others. */
export function findDependents(
  edges: readonly Edge[],
  isTarget: (file: string) => boolean,
): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (matches: (file: string) => boolean): void => {
    for (const { from, to } of edges) {
      if (!matches(to) || found.has(from)) continue;
      found.add(from);
      follow((file) => file === from);
    }
  };
  follow(isTarget);
  return found;
}
