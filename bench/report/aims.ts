import { type Standing } from "../aims";
import { show, type Table } from "./table";

/** The aims as one table. */
export function aimsTable(all: readonly Standing[]): Table {
  const head = ["ratio in one run", "at least", "aim for", "measured", "reached"];
  const row = ({ title, bounds, measured, reached }: Standing) => [
    title,
    String(bounds?.least ?? "-"),
    String(bounds?.aim ?? "-"),
    show(measured),
    reached || "-",
  ];
  return [head, ...all.map(row)];
}
