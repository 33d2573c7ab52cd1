import type { Resolver } from "../core/resolver";
import { resolvers } from "../resolvers";
import type { Output } from "./io";
import { flagsOf, variablesOf } from "./rows";

/** Prints every built-in resolver, with the flags and the variables that set it up. Nothing is looked at or asked. */
export function resolversCommand(output: "table" | "json", stdout: Output): void {
  const rows = resolvers.map(describe);
  stdout.write(output === "json" ? `${JSON.stringify(rows, null, 2)}\n` : rows.map(toText).join("\n"));
}

/** A resolver for programs; `place` is where it stands in the default chain, and absent when it must be named. */
interface Row {
  readonly name: string;
  readonly place?: number;
  readonly summary: string;
  readonly options: readonly { readonly flag: string; readonly variables: readonly string[] }[];
}

function describe({ name, summary, options, onlyWhenNamed }: Resolver, index: number): Row {
  return {
    name,
    ...(onlyWhenNamed === true ? {} : { place: index + 1 }),
    summary,
    options: flagsOf(name, options).map(({ flag, spec }) => ({ flag, variables: variablesOf(spec) })),
  };
}

function toText({ name, place, summary, options }: Row): string {
  const lines = options.map(({ flag, variables }) =>
    [`     ${flag}`, ...(variables.length === 0 ? [] : [`[${variables.join(", ")}]`])].join("  "),
  );
  return `${[`${place ?? "-"}.`.padEnd(5) + name, `     ${summary}`, ...lines].join("\n")}\n`;
}
