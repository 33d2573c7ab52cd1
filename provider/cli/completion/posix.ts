import { type FlagValue, namesOf, sharedFlags, valueRows, type WordRow } from "./rows";

/** How a shell says what may stand at the cursor. */
interface Dialect {
  readonly files: string;
  readonly words: (words: string) => string;
  /** Shell code for nothing. */
  readonly nothing: string;
}

/** `case` clauses by `COMMAND FLAG`, and last by the command: what bash and zsh have in common. */
function clauses(rows: readonly WordRow[], { files, words, nothing }: Dialect): string {
  const codeOf = (value: FlagValue) =>
    value === "file" ? files : typeof value === "string" ? nothing : words(value.join(" "));
  const byCode = new Map<string, string[]>();
  for (const { flag, commands, value } of valueRows(rows)) {
    const patterns = commands.map((command) => (command === "*" ? `*' ${flag}'` : `'${command} ${flag}'`));
    byCode.set(codeOf(value), [...(byCode.get(codeOf(value)) ?? []), ...patterns]);
  }
  const shared = sharedFlags(rows);
  const own = rows.map((row) => {
    const names = namesOf(row);
    const isLong = shared.every((name) => names.includes(name));
    const others = isLong ? ["$shared", ...names.filter((name) => !shared.includes(name))] : names;
    return `      '${row.name} '*) ${words([...row.words, ...others].join(" "))} ;;`;
  });
  const values = Array.from(byCode, ([code, patterns]) => `      ${patterns.join("|")}) ${code} ;;`);
  return [...values, ...own].join("\n");
}

/** The script for bash, from version 3.2 on. */
export function bashScript(rows: readonly WordRow[]): string {
  const dialect: Dialect = { files: "files=1", words: (words) => `words="${words}"`, nothing: "" };
  return `# bash completion of yciam
_yciam() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} words= files= word
  local shared='${sharedFlags(rows).join(" ")}'
  # --flag=value comes as three words.
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [[ $word == -- ]] && files=1; done
  if [[ $files ]]; then :
  elif ((COMP_CWORD == 1)); then words='${[...rows.map(({ name }) => name), "--help", "--version"].join(" ")}'
  else
    case "\${COMP_WORDS[1]} $prev" in
${clauses(rows, dialect)}
    esac
  fi
  if [[ $files ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=()
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
  else
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}
complete -F _yciam yciam
`;
}

/** The script for zsh: for a folder of \`fpath\`, or to be sourced after \`compinit\`. */
export function zshScript(rows: readonly WordRow[]): string {
  // A colon ends the word; a quote would end the text.
  const described = rows.map(({ name, summary }) => `    '${name}:${summary.replace(/[':]/g, "")}'`);
  const dialect: Dialect = {
    files: "_files",
    words: (words) => `compadd -- ${words.replace("$shared", "$=shared")}`,
    nothing: ":",
  };
  return `#compdef yciam
_yciam() {
  local prev=$words[CURRENT-1] shared='${sharedFlags(rows).join(" ")}'
  local -a commands=(
${described.join("\n")}
  )
  if [[ $words[CURRENT] == --*=* ]]; then prev=\${words[CURRENT]%%=*}; compset -P '*='; fi
  if ((CURRENT == 2)); then _describe command commands
  elif ((\${words[(I)--]})) && ((\${words[(i)--]} < CURRENT)); then _files
  else
    case "$words[2] $prev" in
${clauses(rows, dialect)}
    esac
  fi
}
if [[ $funcstack[1] == _yciam ]]; then _yciam "$@"; else compdef _yciam yciam; fi
`;
}
