import { type Command, Option } from "commander";
import type { AppConfig } from "../app";
import { OptionError } from "../core/words/errors";
import {
  isSecretOption,
  isSecretText,
  type OptionSpec,
  type OptionSpecs,
  variablesOf,
} from "../core/options/options";
import { IMPERSONATE, SETTINGS } from "../core/options/settings";
import { kebabCase } from "../handout/kebab-case";
import { resolvers } from "../resolvers";

/** One option as a flag. */
interface Flag {
  /** Empty for a setting. */
  readonly group: string;
  readonly name: string;
  readonly spec: OptionSpec;
}

const FLAGS: readonly Flag[] = [
  ...flagsOf("", SETTINGS),
  ...resolvers.flatMap((resolver) => flagsOf(resolver.name, resolver.options)),
  ...flagsOf("impersonate", IMPERSONATE),
];

function flagsOf(group: string, specs: OptionSpecs): Flag[] {
  return Object.entries(specs).map(([name, spec]) => ({ group, name, spec }));
}

/** Gives a command a flag for every option there is. */
export function addFlags(command: Command): Command {
  for (const flag of FLAGS) command.addOption(toOption(flag));
  return command.addOption(
    new Option("--option <resolver.name=value>", "An option of a resolver of your own; may be given again.")
      .argParser((word: string, words: string[] | undefined) => [...(words ?? []), word])
      .helpGroup("Resolvers of your own:"),
  );
}

function toOption(flag: Flag): Option {
  const { spec } = flag;
  const description = `${spec.doc}${secretNote(spec)}${defaultNote(spec)}${variableNote(spec)}`;
  const made = new Option(`--${longName(flag)} <${placeholder(flag)}>`, description);
  made.helpGroup(flag.group === "" ? "Settings:" : `Options of ${flag.group}:`);
  if (spec.kind !== "stringList") return made;
  return made.argParser((word: string, words: string[] | undefined) => [
    ...(words ?? []),
    ...listed(flag, word),
  ]);
}

/** A list is given with commas. The words of a command may have commas of their own: each is given by a flag. */
function listed({ name }: Flag, word: string): string[] {
  return name === "argv" ? [word] : word.split(",").map((item) => item.trim());
}

function longName({ group, name }: Pick<Flag, "group" | "name">): string {
  return kebabCase(group === "" ? name : `${group}.${name}`);
}

/** An option of a resolver as it is typed, such as `--service-account-key-file`. */
export function flagOf(resolver: string, option: string): string {
  return `--${longName({ group: resolver, name: option })}`;
}

const PLACEHOLDERS: Readonly<Partial<Record<OptionSpec["kind"], string>>> = {
  path: "path",
  url: "url",
  secret: "value",
  duration: "duration",
  integer: "number",
};

function placeholder({ name, spec }: Flag): string {
  if (spec.kind === "enum") return (spec.values ?? []).join("|");
  if (spec.kind === "stringList") return name === "argv" ? "word" : "names";
  return PLACEHOLDERS[spec.kind] ?? "text";
}

function secretNote({ kind }: OptionSpec): string {
  return kind === "secret" ? " `-` reads it from standard input: other users can see a command line." : "";
}

function defaultNote(spec: OptionSpec): string {
  return spec.default === undefined ? "" : ` Default ${spec.default}.`;
}

function variableNote(spec: OptionSpec): string {
  const names = variablesOf(spec);
  return names.length === 0 ? "" : ` [${names.join(", ")}]`;
}

/** The options as the app takes them, and the flags to warn of. */
export interface Given {
  readonly config: AppConfig;
  /** Flags whose secret stands on the command line. */
  readonly exposed: readonly string[];
}

/**
 * Reads what was given to a command made by {@link addFlags}.
 * @param stdin reads standard input to its end, for a flag given as `-`
 */
export async function readFlags(
  values: Readonly<Record<string, unknown>>,
  stdin: () => Promise<string>,
): Promise<Given> {
  const config: Record<string, unknown> = {};
  const exposed: string[] = [];
  for (const flag of FLAGS) {
    const given = values[attributeOf(flag)];
    if (given === undefined) continue;
    const fromStdin = given === "-" && isSecretOption(flag.spec);
    if (!fromStdin && typeof given === "string" && isSecretText(flag.spec, given))
      exposed.push(`--${longName(flag)}`);
    place(config, flag, fromStdin ? await stdin() : given);
  }
  for (const word of (values.option as string[] | undefined) ?? []) placeOwn(config, word);
  return { config, exposed };
}

function placeOwn(config: Record<string, unknown>, word: string): void {
  const [, group, name, value] = /^([A-Za-z]\w*)\.([A-Za-z]\w*)=(.*)$/s.exec(word) ?? [];
  if (group === undefined || name === undefined || value === undefined) {
    throw new OptionError(
      "--option must be written like vault.path=secret/yc: a resolver, its option, a value.",
      "option",
    );
  }
  config[group] = { ...(config[group] as object | undefined), [name]: value };
}

/** commander's name for a flag's value. */
function attributeOf(flag: Flag): string {
  return longName(flag).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function place(config: Record<string, unknown>, { group, name }: Flag, value: unknown): void {
  if (group === "") config[name] = value;
  else config[group] = { ...(config[group] as object | undefined), [name]: value };
}
