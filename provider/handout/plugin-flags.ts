import { isSecretOption, isSecretText, type OptionSpec, type OptionSpecs } from "../core/options/options";
import { readOptions } from "../core/options/read";
import { OptionError } from "../core/words/errors";
import { groups, settings } from "../rows";
import { kebabCase } from "./kebab-case";

/** An option that may stand in a kubeconfig as a flag. */
interface Flag {
  readonly group: string;
  readonly name: string;
  readonly spec: OptionSpec;
}

/** By the flag, in the order in which they are written. */
const FLAGS: ReadonlyMap<string, Flag> = new Map(
  [["", settings] as const, ...groups.map(({ name, options }) => [name, options] as const)].flatMap(flagsOf),
);

function flagsOf([group, specs]: readonly [string, OptionSpecs]): (readonly [string, Flag])[] {
  return Object.entries(specs).map(([name, spec]) => [
    `--${kebabCase(group === "" ? name : `${group}.${name}`)}`,
    { group, name, spec },
  ]);
}

/**
 * Flags of `yciam exec-credential` in one form and one order, however they were given: `--flag value` or `--flag=value`.
 * @throws OptionError for what is no such flag, has a wrong value, or would put a secret into a file that is passed around
 */
export function pluginFlags(words: readonly string[]): readonly string[] {
  const given: { readonly flag: string; readonly value: string }[] = [];
  for (let rest = [...words]; rest.length > 0;) {
    const [word = "", ...others] = rest;
    const [, flag = word, glued] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? [];
    const value = glued ?? others.shift();
    check(flag, value);
    given.push({ flag, value: value as string });
    rest = others;
  }
  const places = [...FLAGS.keys()];
  // The words of a command come one by one, and keep their order.
  given.sort((a, b) => places.indexOf(a.flag) - places.indexOf(b.flag));
  return given.map(({ flag, value }) => `${flag}=${value}`);
}

function check(flag: string, value: string | undefined): void {
  const known = FLAGS.get(flag);
  if (known === undefined) throw unknownFlag(flag);
  if (value === undefined) throw new OptionError(`${flag} has no value.`, "args");
  const { group, name, spec } = known;
  // Whoever runs the plugin gives it nothing on standard input.
  if (isSecretText(spec, value) || (isSecretOption(spec) && value === "-")) throw secretFlag(flag);
  readOptions(group, { [name]: spec }, { [name]: spec.kind === "stringList" ? value.split(",") : value }, {});
}

function unknownFlag(flag: string): OptionError {
  const shown = /^--[a-z-]{1,60}$/.test(flag) ? flag : "a word that is no flag";
  return new OptionError(
    `a kubeconfig cannot have ${shown} for yciam: it takes flags of \`yciam exec-credential\` that choose whose token it is, such as --impersonate-service-account-id.`,
    "args",
  );
}

function secretFlag(flag: string): OptionError {
  return new OptionError(
    `${flag} is a secret, and a kubeconfig is passed around. Leave it out, and set its variable where kubectl runs, or name a file.`,
    "args",
  );
}
