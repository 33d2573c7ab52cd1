import { join, relative } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "../..");

/**
 * What the compiler says of some programs that import the sources: `file: message` for each mistake.
 * @param texts the programs, by path from the root; no such file need be there
 */
export function mistakesIn(texts: Readonly<Record<string, string>>): readonly string[] {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const fromRoot = (path: string) => relative(ROOT, path).replaceAll("\\", "/");
  const program = ts.createProgram(
    Object.keys(texts).map((file) => join(ROOT, file)),
    options,
    {
      ...host,
      fileExists: (path) => fromRoot(path) in texts || host.fileExists(path),
      readFile: (path) => texts[fromRoot(path)] ?? host.readFile(path),
      getSourceFile: (path, version, ...rest) => {
        const text = texts[fromRoot(path)];
        return text === undefined
          ? host.getSourceFile(path, version, ...rest)
          : ts.createSourceFile(path, text, version);
      },
    },
  );
  const own = program.getSourceFiles().filter(({ fileName }) => fromRoot(fileName) in texts);
  return own
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, messageText }) => {
      return `${fromRoot(file?.fileName ?? "")}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
}
