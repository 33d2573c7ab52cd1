import ts from "typescript";
import { parseFile } from "./graph";

/** A file or function and its length in lines. */
export interface Sized {
  readonly name: string;
  readonly lines: number;
}

/** The length of a file: its lines of code. Blank lines and comments are what makes the rest readable. */
export function fileSize(file: string): Sized {
  const source = parseFile(file);
  return { name: file, lines: codeLines(source, source) };
}

/** The length of every function with a body, from its first line of code to its last; nested ones count in both. */
export function functionSizes(file: string): readonly Sized[] {
  const source = parseFile(file);
  const found: Sized[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunction(node) && node.body !== undefined) {
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      found.push({ name: `${file}:${line}`, lines: codeLines(source, node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Where `any` is written. */
export function anyTypes(file: string): readonly string[] {
  const source = parseFile(file);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword)
      found.push(`${file}:${source.getLineAndCharacterOfPosition(node.pos).line + 1}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Exported declarations without a docstring; what is exported again from elsewhere has its own there. */
export function undocumented(file: string): readonly string[] {
  const source = parseFile(file);
  const bare = source.statements.filter(
    (node) =>
      ts.canHaveModifiers(node) &&
      ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) &&
      ts.getJSDocCommentsAndTags(node).length === 0,
  );
  return bare.map(
    (node) => `${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`,
  );
}

/** The value that a share of all (from 0 to 1) do not exceed. */
export function quantile(sizes: readonly Sized[], share: number): number {
  const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration;

function isFunction(
  node: ts.Node,
): node is FunctionNode | ts.ConstructorDeclaration | ts.AccessorDeclaration {
  return ts.isFunctionLike(node) && "body" in node;
}

/** Lines on which a token lies. */
function codeLines(source: ts.SourceFile, root: ts.Node): number {
  const lines = new Set<number>();
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(source).filter((child) => !ts.isJSDoc(child));
    if (children.length > 0) return children.forEach(visit);
    if (node.getWidth(source) === 0) return;
    for (let line = lineOf(node.getStart(source)); line <= lineOf(node.end); line += 1) lines.add(line);
  };
  visit(root);
  return lines.size;
}
