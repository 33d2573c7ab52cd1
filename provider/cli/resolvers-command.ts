import type { Command } from "commander";
import { variablesOf } from "../core/options/options";
import type { Resolver } from "../core/chain/resolver";
import { resolvers } from "../resolvers";
import { type Parts, tableOrJson, type Values } from "./command";
import { flagOf } from "./flags";
import { EXIT, type Output } from "./io";

/** One resolver, for programs. */
interface Row {
  readonly name: string;
  /** Where it stands in the default chain, from 1; absent for one that must be named. */
  readonly place?: number;
  readonly summary: string;
  readonly options: readonly {
    readonly flag: string;
    readonly doc: string;
    readonly variables: readonly string[];
  }[];
}

/** The command `resolvers`. */
export function define(command: Command, { io, exit }: Parts): void {
  command.addOption(tableOrJson()).action(({ output }: Values) => {
    printResolvers(output as "table" | "json", io.stdout);
    exit(EXIT.ok);
  });
}

/** Prints every resolver of the package, and what sets it up. Nothing is looked at, and nothing asked. */
function printResolvers(output: "table" | "json", stdout: Output): void {
  const chain = resolvers.filter(({ onlyWhenNamed }) => onlyWhenNamed !== true);
  const rows = resolvers.map((resolver) => describe(resolver, chain.indexOf(resolver)));
  stdout.write(output === "json" ? `${JSON.stringify(rows, null, 2)}\n` : rows.map(toText).join("\n"));
}

function describe({ name, summary, options }: Resolver, index: number): Row {
  return {
    name,
    ...(index < 0 ? {} : { place: index + 1 }),
    summary,
    options: Object.entries(options).map(([option, spec]) => ({
      flag: flagOf(name, option),
      doc: spec.doc,
      variables: variablesOf(spec),
    })),
  };
}

/** A heading, and a line for each flag; what must be named has a dash for its place. */
function toText({ name, place, summary, options }: Row): string {
  const width = Math.max(...options.map(({ flag }) => flag.length));
  const lines = options.map(({ flag, variables }) =>
    `     ${flag.padEnd(width)}  ${variables.join(", ")}`.trimEnd(),
  );
  return `${[`${place ?? "-"}.`.padEnd(5) + name, `     ${summary}`, ...lines].join("\n")}\n`;
}
