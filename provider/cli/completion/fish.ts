import type { FlagRow, WordRow } from "./rows";

const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;

/** The script for fish. */
export function fishScript(rows: readonly WordRow[]): string {
  const commands = rows.map(
    ({ name, summary }) => `complete -c yciam -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
  );
  const words = rows
    .filter((row) => row.words.length > 0)
    .map((row) => `complete -c yciam -n ${seen([row.name])} -a ${quoted(row.words.join(" "))}`);
  const lines = [...commands, ...words, ...flagLines(rows)];
  // After \`--\` come a program and its words.
  return `# fish completion of yciam
complete -c yciam -f
complete -c yciam -n 'contains -- -- (commandline -opc)' -F
complete -c yciam -n __fish_use_subcommand -l version -d 'print the version'
${lines.join("\n")}
`;
}

function seen(commands: readonly string[]): string {
  return quoted(`__fish_seen_subcommand_from ${commands.join(" ")}`);
}

/** A line for each flag, with the commands that have it in this form. */
function flagLines(rows: readonly WordRow[]): readonly string[] {
  const byForm = new Map<string, string[]>();
  for (const { name, flags } of rows)
    for (const flag of flags) byForm.set(formOf(flag), [...(byForm.get(formOf(flag)) ?? []), name]);
  return Array.from(byForm, ([form, commands]) => `complete -c yciam -n ${seen(commands)} ${form}`);
}

function formOf({ name, summary, value }: FlagRow): string {
  const about = `-l ${name.slice(2)} -d ${quoted(summary)}`;
  if (value === "none") return about;
  if (value === "file") return `${about} -r -F`;
  return value === "text" ? `${about} -x` : `${about} -x -a ${quoted(value.join(" "))}`;
}
