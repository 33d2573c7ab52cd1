import ts from "typescript";
import { parseFile } from "./graph";

/** A file or function and its length: its lines of code. Blank lines and comments are what makes the rest readable. */
export interface Sized {
  readonly name: string;
  readonly lines: number;
}

/** Measures a file, by path from the root. */
export function measure(file: string) {
  const source = parseFile(file);
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const placeOf = (node: ts.Node) => `${file}:${lineOf(node.getStart(source)) + 1}`;
  const nodes = descendants(source);
  const codeLines = (root: ts.Node): number => {
    const lines = new Set<number>();
    for (const token of tokensOf(root, source))
      for (let line = lineOf(token.getStart(source)); line <= lineOf(token.end); line += 1) lines.add(line);
    return lines.size;
  };
  return {
    file: { name: file, lines: codeLines(source) } as Sized,
    // Those that are nested count in both.
    functions: nodes
      .filter((node) => ts.isFunctionLike(node) && "body" in node && node.body !== undefined)
      .map((node): Sized => ({ name: placeOf(node), lines: codeLines(node) })),
    anyTypes: nodes.filter(({ kind }) => kind === ts.SyntaxKind.AnyKeyword).map(placeOf),
    // What is exported again from elsewhere has its docstring there.
    undocumented: source.statements.filter(isBareExport).map(placeOf),
  };
}

/** The value that a share of all (from 0 to 1) do not exceed. */
export function quantile(sizes: readonly Sized[], share: number): number {
  const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function descendants(node: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [node];
  ts.forEachChild(node, (child) => void found.push(...descendants(child)));
  return found;
}

function isBareExport(node: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  const isExported = modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  return isExported && ts.getJSDocCommentsAndTags(node).length === 0;
}

function tokensOf(node: ts.Node, source: ts.SourceFile): readonly ts.Node[] {
  const children = node.getChildren(source).filter((child) => !ts.isJSDoc(child));
  if (children.length > 0) return children.flatMap((child) => tokensOf(child, source));
  return node.getWidth(source) === 0 ? [] : [node];
}
