import { OptionError } from "../core/errors";
import { hideTokens } from "../core/secret";
import { type Flag, FLAGS, variablesOf } from "./rows";

// Every user of a machine can list the command lines of all programs, and a shell writes them to its history. So no
// secret is taken from there: it comes from standard input, a file or a variable.

/** Whether an option's value is a secret, or may be one: what can name a key file can hold the key itself. */
export function isSecret({ spec }: Flag): boolean {
  return spec.kind === "secret" || (spec.kind === "path" && spec.secret === true);
}

/** The flag that names a file with the secret, for an option whose group has no option for that. */
export function ownFileFlag(flag: Flag): string | undefined {
  return flag.spec.kind === "secret" && pathFlag(flag) === undefined ? `${flag.flag}-file` : undefined;
}

function pathFlag({ group }: Flag): string | undefined {
  return FLAGS.find((other) => other.group === group && other.spec.kind === "path")?.flag;
}

/**
 * Fails for a secret that was typed into the command line.
 * @throws OptionError that says which ways there are, and shows nothing of the secret
 */
export function refuseTyped(flag: Flag, given: string): void {
  const isPath = flag.spec.kind === "path" && !/^\s*[{[]|-----BEGIN|\n/.test(given);
  // What is empty is no secret, and the app says so better.
  if (!isSecret(flag) || isPath || given === "") return;
  const variables = variablesOf(flag.spec).filter((name) => !name.includes(" "));
  const ways = [
    `give ${flag.flag} - and send it on standard input`,
    `name a file that has it with ${ownFileFlag(flag) ?? pathFlag(flag)}`,
    ...(variables.length === 0 ? [] : [`set ${variables.join(" or ")}`]),
  ];
  throw typed(flag.flag, ways, `${flag.group}.${flag.name}`);
}

/**
 * The same for an option of the user's own resolver, of which nothing is known but what its value looks like.
 * @throws OptionError
 */
export function refuseTypedOwn(path: string, given: string): void {
  if (hideTokens(given) !== given)
    throw typed(`--option ${path}`, [`give --option ${path}=- and send it on standard input`], path);
}

function typed(what: string, ways: readonly string[], path: string): OptionError {
  const list = ways.length === 1 ? ways[0] : `${ways.slice(0, -1).join(", ")}, or ${ways.at(-1)}`;
  return new OptionError(
    `${what} takes no secret from the command line, which other users and the history of the shell see: ${list}.`,
    path,
  );
}
