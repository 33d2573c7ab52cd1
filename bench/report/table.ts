import { CPU, type Measure, MS, type Result } from "../comparison";
import { ratioOf, valueOf } from "../figures";

/** A table as rows of texts, the first of which is the head. */
export type Table = readonly (readonly string[])[];

/** A number as people read it: about three digits that count. */
export function show(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "-";
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** One comparison: each way's figures, and how they stand to the base's. */
export function tableOf(result: Result): Table {
  const { measures, ways, base, less } = result.comparison;
  const head = measures.flatMap((measure) => [measure.label, ...(measure.better ? ["x"] : [])]);
  const rows = ways.map(({ name }) => {
    return [name, ...measures.flatMap((measure) => cells(result, name, measure, { base, less }))];
  });
  return [["", ...head], ...rows];
}

/** What was not to be had: a line for each reason. */
function notesOf({ missing }: Result): readonly string[] {
  const reasons = [...new Set(missing.values())];
  const namesOf = (reason: string) => [...missing].flatMap(([name, why]) => (why === reason ? [name] : []));
  return reasons.map((reason) => `Not to be had here: ${namesOf(reason).join("; ")} (${reason}).`);
}

interface Against {
  readonly base: string;
  readonly less: string | undefined;
}

function cells(result: Result, way: string, { key, better }: Measure, { base, less }: Against): string[] {
  const value = show(valueOf(result, way, key));
  if (better === undefined) return [value];
  const part = (key === MS.key || key === CPU.key) && way !== less ? less : undefined;
  return [value, show(ratioOf(result, { ours: way, base, key, less: part }))];
}

/** A table in Markdown; numbers stand at the right. */
export function markdown(table: Table): string {
  const [head = []] = table;
  const widths = head.map((_, column) => Math.max(3, ...table.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    `| ${head.map((_, column) => pad(row[column] ?? "", widths[column] ?? 0, column)).join(" | ")} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(head), `| ${rule.join(" | ")} |`, ...table.slice(1).map(line)].join("\n");
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}

/** A part of the report. */
export function section(title: string, ...parts: readonly string[]): string {
  return [`### ${title}`, ...parts].join("\n\n") + "\n";
}

/** A comparison as it is printed: its title, its table, and what was not to be had. */
export function sectionOf(result: Result): string {
  const rounds = Math.max(0, ...[...result.samples.values()].map((samples) => samples.length));
  const counted = `${rounds} round${rounds === 1 ? "" : "s"}.`;
  return section(result.comparison.title, markdown(tableOf(result)), ...notesOf(result), counted);
}
