import type { Command, Option } from "commander";

/** What may stand after a flag: nothing, a file, any text, or one of some words. */
export type FlagValue = "none" | "file" | "text" | readonly string[];

/** A flag, as a shell completes it. */
export interface FlagRow {
  /** With its hyphens. */
  readonly name: string;
  readonly summary: string;
  readonly value: FlagValue;
}

/** A command, as a shell completes it. */
export interface WordRow {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly FlagRow[];
  /** What may stand after it in the place of a flag. */
  readonly words: readonly string[];
}

const HELP: FlagRow = { name: "--help", summary: "show this text", value: "none" };

/** Every command of the program, with the flags that its own file gave it. */
export function completionRows(program: Command): readonly WordRow[] {
  return program.commands.map((command) => ({
    name: command.name(),
    summary: firstSentence(command.description()),
    flags: [...command.options.map(toRow), HELP],
    words: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
  }));
}

function toRow(option: Option): FlagRow {
  const name = option.long ?? option.flags;
  return { name, summary: firstSentence(option.description), value: valueOf(option) };
}

function valueOf({ flags, argChoices, required, optional }: Option): FlagValue {
  if (!required && !optional) return "none";
  const placeholder = /[<[]([^>\]]*)[>\]]$/.exec(flags)?.[1] ?? "";
  if (argChoices !== undefined) return argChoices;
  if (placeholder.includes("|")) return placeholder.split("|");
  return /path|file|folder/.test(placeholder) ? "file" : "text";
}

function firstSentence(text: string): string {
  return text.replace(/(?:\. | \[|; ).*$/s, "").replace(/[.\s]+$/, "");
}

/** The flags that all commands with many of them have: they are written once. */
export function sharedFlags(rows: readonly WordRow[]): readonly string[] {
  const long = rows.filter(({ flags }) => flags.length > 10).map(namesOf);
  const [first = []] = long;
  return first.filter((name) => long.every((names) => names.includes(name)));
}

/** The names of a command's flags. */
export function namesOf({ flags }: WordRow): readonly string[] {
  return flags.map(({ name }) => name);
}

/** A flag with a value, as the commands have it. */
export interface ValueRow {
  readonly flag: string;
  /** The commands in which it has this value; `*` where it has no other. */
  readonly commands: readonly string[];
  readonly value: Exclude<FlagValue, "none">;
}

/** What may stand after each flag. A flag's values may differ from one command to another. */
export function valueRows(rows: readonly WordRow[]): readonly ValueRow[] {
  const found = new Map<string, Map<string, { value: FlagValue; commands: string[] }>>();
  for (const { name, flags } of rows)
    for (const flag of flags) {
      const values = found.get(flag.name) ?? new Map<string, { value: FlagValue; commands: string[] }>();
      const key = String(flag.value);
      const one = values.get(key) ?? { value: flag.value, commands: [] };
      one.commands.push(name);
      found.set(flag.name, values.set(key, one));
    }
  return [...found].flatMap(([flag, values]) =>
    [...values.values()].flatMap(({ value, commands }) =>
      value === "none" ? [] : [{ flag, value, commands: values.size === 1 ? ["*"] : commands }],
    ),
  );
}
