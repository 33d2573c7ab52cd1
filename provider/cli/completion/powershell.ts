import { namesOf, sharedFlags, valueRows, type WordRow } from "./rows";

const listed = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(", ");

/** The script for PowerShell, from version 5 on. Where nothing is answered it completes files by itself. */
export function powershellScript(rows: readonly WordRow[]): string {
  const shared = sharedFlags(rows);
  const flags = rows.map((row) => {
    const names = namesOf(row);
    const isLong = shared.every((name) => names.includes(name));
    const own = [...row.words, ...(isLong ? names.filter((name) => !shared.includes(name)) : names)];
    return `    '${row.name}' = @(${listed(own)})${isLong ? " + $shared" : ""}`;
  });
  const values = valueRows(rows).flatMap(({ flag, commands, value }) =>
    commands.map(
      (command) => `    '${command} ${flag}' = @(${typeof value === "string" ? "" : listed(value)})`,
    ),
  );
  return `# PowerShell completion of yciam
Register-ArgumentCompleter -Native -CommandName yciam -ScriptBlock {
  param($word, $ast, $position)
  $shared = @(${listed(shared)})
  $flags = @{
${flags.join("\n")}
  }
  $values = @{
${values.join("\n")}
  }
  $words = @($ast.CommandElements | ForEach-Object { $_.ToString() })
  $at = if ($word) { $words.Count - 1 } else { $words.Count }
  $before = $words[$at - 1]
  $prefix = ''
  if ($word -match '^(--[\\w-]+)=(.*)$') { $before = $Matches[1]; $prefix = "$before="; $word = $Matches[2] }
  $keys = @("$($words[1]) $before", "* $before") | Where-Object { $values.ContainsKey($_) }
  $all = if ($at -eq 1) { @(${listed([...rows.map(({ name }) => name), "--help", "--version"])}) }
    elseif ($keys) { $values[@($keys)[0]] }
    elseif ($words -notcontains '--') { $flags[$words[1]] }
  $all | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new("$prefix$_", $_, 'ParameterValue', $_)
  }
}
`;
}
