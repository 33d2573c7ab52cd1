import { join, relative } from "node:path";
import ts from "typescript";
import { ROOT } from "./graph";

/** A change to the sources that only the compiler sees. */
export interface Change {
  /** Files and folders that are gone, by path from the root. */
  readonly without?: readonly string[];
  /** New texts of files. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** Compiles the product again and again with changes; what did not change is parsed once. */
export class Compiler {
  readonly #options: ts.CompilerOptions;
  readonly #roots: readonly string[];
  #last: ts.Program | undefined;

  /** @param roots the files to compile, by path from the root; what they import comes along */
  constructor(roots: readonly string[]) {
    const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
      config: object;
    };
    this.#options = ts.parseJsonConfigFileContent(config, ts.sys, ROOT).options;
    this.#roots = roots;
  }

  /**
   * What the compiler says of the sources with the change: `file: message` for each error.
   * @param among looks at these files alone; nothing else is checked, which saves most of the time
   */
  errors(change: Change = {}, among?: ReadonlySet<string>): readonly string[] {
    const isGone = (path: string) =>
      (change.without ?? []).some((gone) => path === gone || path.startsWith(`${gone}/`));
    const host = this.#host(isGone, change.texts ?? {});
    const roots = this.#roots.filter((file) => !isGone(file)).map((file) => join(ROOT, file));
    const program = ts.createProgram(roots, this.#options, host, this.#last);
    this.#last = program;
    const own = program
      .getSourceFiles()
      .filter((file) => !program.isSourceFileFromExternalLibrary(file))
      .filter((file) => among === undefined || among.has(fromRoot(file.fileName)));
    return own
      .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
      .map(
        (found) =>
          `${fromRoot(found.file?.fileName ?? "")}: ${ts.flattenDiagnosticMessageText(found.messageText, " ")}`,
      );
  }

  #host(isGone: (path: string) => boolean, texts: Readonly<Record<string, string>>): ts.CompilerHost {
    const host = ts.createCompilerHost(this.#options);
    return {
      ...host,
      fileExists: (path) => !isGone(fromRoot(path)) && host.fileExists(path),
      directoryExists: (path) => !isGone(fromRoot(path)) && ts.sys.directoryExists(path),
      readFile: (path) => texts[fromRoot(path)] ?? host.readFile(path),
      getSourceFile: (path, version, onError, fresh) => {
        const text = texts[fromRoot(path)];
        if (text !== undefined) return ts.createSourceFile(path, text, version);
        return this.#last?.getSourceFile(path) ?? host.getSourceFile(path, version, onError, fresh);
      },
    };
  }
}

function fromRoot(path: string): string {
  return relative(ROOT, path).replaceAll("\\", "/");
}

/**
 * The text of a module without one of its imports and without the names it brought, wherever they are elements of a
 * list: what a person does who takes a resolver away.
 */
export function withoutImport(text: string, specifier: string): string {
  const source = ts.createSourceFile("list.ts", text, ts.ScriptTarget.Latest, true);
  const line = source.statements.find(
    (node): node is ts.ImportDeclaration =>
      ts.isImportDeclaration(node) && (node.moduleSpecifier as ts.StringLiteral).text === specifier,
  );
  const bindings = line?.importClause?.namedBindings;
  if (line === undefined || bindings === undefined || !ts.isNamedImports(bindings))
    throw new Error(`no import of ${specifier}`);
  const names = bindings.elements.map((element) => element.name.text).join("|");
  const rest = text.slice(0, line.pos) + text.slice(line.end);
  return rest.replace(new RegExp(`(?<=[[,]\\s*)(?:${names})\\s*(?:,|(?=\\]))`, "g"), "");
}
