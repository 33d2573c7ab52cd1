import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [BEGIN, END] = ["<!-- measured: written by npm run bench -->", "<!-- end of what was measured -->"];
const README = join(__dirname, "../README.md");

/** Puts what was measured between the marks of a text; an Error where they are not. */
export function between(text: string, measured: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`bench/README.md has no ${BEGIN} and ${END}`);
  return `${text.slice(0, from + BEGIN.length)}\n\n${measured.trim()}\n\n${text.slice(to)}`;
}

/** Writes the README and the plot that it shows. */
export function writeReport(measured: string, plot: string): void {
  writeFileSync(README, between(readFileSync(README, "utf8"), measured));
  writeFileSync(join(__dirname, "../plot.svg"), plot);
}
