// Writes the manual page of `yciam`, from the commands as they are defined, to standard output.
import type { Command, Option } from "commander";
import { VERSION } from "../provider/core/words/version";
import { CODES, type Parts } from "../provider/cli/command";
import { COMMANDS } from "../provider/cli/commands";
import { createProgram } from "../provider/cli/program";
import { RELEASE } from "../provider/generated/release";

/** The page, in roff's macros `man`. */
export function manPage(): string {
  const words = COMMANDS.map(({ name }) => name);
  // What runs a command is not used: its definition is all that is read.
  const program = createProgram({ words } as unknown as Parts);
  const own = ({ options }: Command) =>
    options.filter(({ helpGroupHeading }) => helpGroupHeading === undefined);
  const grouped = program.commands.flatMap(({ options }) => options.filter((one) => one.helpGroupHeading));
  const common = new Map(grouped.map((option) => [option.flags, option]));
  const groups = [...new Set(Array.from(common.values(), ({ helpGroupHeading = "" }) => helpGroupHeading))];
  const inGroup = (group: string) =>
    [...common.values()].filter((option) => option.helpGroupHeading === group);
  return [
    `.TH YCIAM 1 "" ${quoted(`yciam ${VERSION}`)} "User Commands"`,
    ...section("NAME", `yciam \\- ${text(program.description())}`),
    ...section("SYNOPSIS", ".B yciam", ".I command", "[options]"),
    ...section("COMMANDS", ...program.commands.flatMap((command) => commandLines(command, own(command)))),
    ...section(
      "OPTIONS",
      "Commands that get a token take all of these. Variables set the same; a flag comes before its variable.",
      ...groups.flatMap((group) => [`.SS ${quoted(group)}`, ...inGroup(group).flatMap(optionLines)]),
    ),
    ...section("EXIT STATUS", text(CODES)),
    ...section("SEE ALSO", text(RELEASE.repository)),
    "",
  ].join("\n");
}

function commandLines(command: Command, options: readonly Option[]): readonly string[] {
  const words = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  return [
    `.SS ${quoted(["yciam", command.name(), ...words].join(" "))}`,
    text(command.description()),
    ...options.flatMap(optionLines),
  ];
}

function optionLines({ flags, description, argChoices, defaultValue }: Option): readonly string[] {
  const known = typeof defaultValue === "string" || typeof defaultValue === "number";
  const notes = [
    argChoices && `One of ${argChoices.join(", ")}.`,
    known && `Default ${defaultValue}.`,
  ].filter(Boolean);
  return [".TP", `.B ${text(flags)}`, text([description.replace(/[\w)]$/, "$&."), ...notes].join(" "))];
}

function section(title: string, ...lines: readonly string[]): readonly string[] {
  return [`.SH ${quoted(title)}`, ...lines];
}

const quoted = (words: string) => `"${text(words).replaceAll('"', "\\(dq")}"`;

/** A line of text: nothing in it is a macro, and a hyphen can be copied. */
function text(words: string): string {
  const plain = words.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/\s+/g, " ").trim();
  return plain.replace(/^[.']/, "\\&$&");
}

if (require.main === module) process.stdout.write(manPage());
