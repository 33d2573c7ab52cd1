import { type Command, Option } from "commander";
import type { OptionSpec } from "../core/options";
import { type Flag, FLAGS, variablesOf } from "./rows";
import { isSecret, ownFileFlag } from "./secrets";

/** Gives a command a flag for every option there is. */
export function addFlags(command: Command): Command {
  for (const flag of FLAGS) {
    command.addOption(toOption(flag));
    const file = ownFileFlag(flag);
    if (file !== undefined) command.addOption(toFileOption(flag, file));
  }
  return command.addOption(
    new Option(
      "--option <resolver.name=value>",
      "An option of a resolver of your own; may be given again. With `-` as the value it is read from standard input.",
    )
      .argParser((word: string, words: string[] | undefined) => [...(words ?? []), word])
      .helpGroup("Resolvers of your own:"),
  );
}

function toOption(flag: Flag): Option {
  const { spec } = flag;
  const variables = variablesOf(spec);
  const description = [
    spec.doc,
    ...(isSecret(flag) ? ["`-` reads it from standard input; it is not taken from the command line."] : []),
    ...(spec.default === undefined ? [] : [`Default ${spec.default}.`]),
    ...(variables.length === 0 ? [] : [`[${variables.join(", ")}]`]),
  ].join(" ");
  const made = new Option(`${flag.flag} <${placeholder(flag)}>`, description).helpGroup(heading(flag));
  if (spec.kind !== "stringList") return made;
  return made.argParser((word: string, words: string[] | undefined) => [
    ...(words ?? []),
    ...listed(flag, word),
  ]);
}

function toFileOption(flag: Flag, file: string): Option {
  return new Option(`${file} <path>`, `A file to read ${flag.flag} from.`).helpGroup(heading(flag));
}

function heading({ group }: Flag): string {
  return group === "" ? "Settings:" : `Options of ${group}:`;
}

/** Words of a command are taken one by one, since they may have commas; names are not. */
function listed({ name }: Flag, word: string): string[] {
  return name === "argv" ? [word] : word.split(",").map((item) => item.trim());
}

const PLACEHOLDERS: Readonly<Partial<Record<OptionSpec["kind"], string>>> = {
  path: "path",
  url: "url",
  secret: "-",
  duration: "duration",
  integer: "number",
};

function placeholder({ name, spec }: Flag): string {
  if (spec.kind === "enum") return (spec.values ?? []).join("|");
  if (spec.kind === "stringList") return name === "argv" ? "word" : "names";
  return PLACEHOLDERS[spec.kind] ?? "text";
}
