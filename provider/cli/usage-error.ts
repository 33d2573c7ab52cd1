/**
 * A message of commander in the form of our own. It repeats the word in question, and anything may have been typed
 * there, a token or a key: values are left out, and so are names that no flag or command could have.
 */
export function rewordUsageError(text: string): string {
  return text
    .replace(/^error: /, "yciam: ")
    .replace(/ argument '.*' is invalid\./s, " has a wrong value.")
    .replace(/(unknown (?:option|command)) '(.*)'/s, (_, problem: string, word: string) =>
      isName(word) ? `${problem} '${nameIn(word)}'` : problem,
    );
}

/** A flag may be given as `--name=value`. */
function nameIn(word: string): string {
  return word.replace(/=.*$/s, "");
}

/** Letters and hyphens alone, as in all our flags and commands: a secret of that length has digits. */
function isName(word: string): boolean {
  return /^--[A-Za-z-]{1,60}$|^-?[a-z]{1,20}$/.test(nameIn(word));
}
