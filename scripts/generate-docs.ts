// Writes the tables of README.md from the rows of the resolvers and the settings, between their markers.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type OptionSpec, type OptionSpecs, variablesOf } from "../provider/core/options/options";
import type { Resolver } from "../provider/core/chain/resolver";
import { IMPERSONATE, SETTINGS } from "../provider/core/options/settings";
import { resolvers } from "../provider/resolvers/index";

const README = join(__dirname, "../README.md");

/** The resolvers in the order of the default chain, with their options and variables. */
export function resolverTable(rows: readonly Resolver[]): string {
  const lines = rows.map(({ name, summary, options, onlyWhenNamed }, index) => {
    const place = onlyWhenNamed ? "-" : String(index + 1);
    return row([place, `\`${name}\``, summary, optionList(options)]);
  });
  return [
    row(["", "resolver", "what it is", "options, and the variables that set them"]),
    row(["---:", "---", "---", "---"]),
    ...lines,
  ].join("\n");
}

/** The options that belong to no resolver. */
export function settingsTable(settings: OptionSpecs, impersonate: OptionSpecs): string {
  const named = (prefix: string, specs: OptionSpecs) =>
    Object.entries(specs).map(([name, spec]) =>
      row([`\`${prefix}${name}\``, variableList(spec), defaultOf(spec), docOf(spec)]),
    );
  const head = [row(["option", "variable", "default", "meaning"]), row(["---", "---", "---", "---"])];
  return [...head, ...named("", settings), ...named("impersonate.", impersonate)].join("\n");
}

/**
 * The text with its tables written anew. Throws for a text that lacks a marker.
 * @param tables by the name in the markers `<!-- NAME:start -->` and `<!-- NAME:end -->`
 */
export function withTables(text: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((rest, [name, table]) => {
    const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
    const [from, to] = [rest.indexOf(start), rest.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`README.md has no markers ${start} and ${end}`);
    return `${rest.slice(0, from + start.length)}\n${table}\n${rest.slice(to)}`;
  }, text);
}

/** README.md as it should be, made from what it is. */
export function readmeAsItShouldBe(text: string): string {
  return withTables(text, {
    resolvers: resolverTable(resolvers),
    settings: settingsTable(SETTINGS, IMPERSONATE),
  });
}

function optionList(options: OptionSpecs): string {
  return Object.entries(options)
    .map(([name, spec]) => {
      const variables = variableList(spec);
      return `\`${name}\`${variables === "" ? "" : ` (${variables})`}: ${docOf(spec)}${defaultNote(spec)}`;
    })
    .join("<br>");
}

function variableList(spec: OptionSpec): string {
  return variablesOf(spec, (name) => `\`${name}\``).join(", ");
}

function docOf({ doc, values }: OptionSpec): string {
  return values === undefined ? doc : `${doc} One of ${values.map((value) => `\`${value}\``).join(", ")}.`;
}

function defaultOf(spec: OptionSpec): string {
  return spec.default === undefined ? "" : `\`${spec.default}\``;
}

function defaultNote(spec: OptionSpec): string {
  return spec.default === undefined ? "" : ` Default ${defaultOf(spec)}.`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

if (require.main === module) writeFileSync(README, readmeAsItShouldBe(readFileSync(README, "utf8")));
