import type { AppConfig } from "../app";
import { OptionError } from "../core/errors";
import { type Flag, FLAGS } from "./rows";
import { isSecret, ownFileFlag, refuseTyped, refuseTypedOwn } from "./secrets";

/** What commander read: values by its own names of the flags. */
export type Values = Readonly<Record<string, unknown>>;

/** Where secrets come from. */
export interface Sources {
  /** Reads standard input to its end; fails when that was done before. */
  readonly stdin: () => Promise<string>;
  /** Reads the file that a flag names. */
  readonly file: (path: string, flag: string) => Promise<string>;
}

/**
 * Reads what was given to a command made by `addFlags`, as options that the app takes.
 * @throws OptionError for a secret that was typed into the command line
 */
export async function readFlags(values: Values, sources: Sources): Promise<AppConfig> {
  const config: Record<string, unknown> = {};
  for (const flag of FLAGS) {
    const value = await valueOf(flag, values, sources);
    if (value !== undefined) place(config, [flag.group, flag.name], value);
  }
  for (const word of (values.option as string[] | undefined) ?? []) await placeOwn(config, word, sources);
  return config;
}

async function valueOf(flag: Flag, values: Values, { stdin, file }: Sources): Promise<unknown> {
  const given = values[attributeOf(flag.flag)];
  const fileFlag = ownFileFlag(flag);
  const path = fileFlag === undefined ? undefined : (values[attributeOf(fileFlag)] as string | undefined);
  if (fileFlag !== undefined && path !== undefined) {
    if (given === undefined) return path === "-" ? stdin() : file(path, fileFlag);
    throw new OptionError(
      `${flag.flag} and ${fileFlag} give the same: leave one out.`,
      `${flag.group}.${flag.name}`,
    );
  }
  if (given === "-" && isSecret(flag)) return stdin();
  if (typeof given === "string") refuseTyped(flag, given);
  return given;
}

async function placeOwn(config: Record<string, unknown>, word: string, { stdin }: Sources): Promise<void> {
  const [, group, name, value] = /^([A-Za-z]\w*)\.([A-Za-z]\w*)=(.*)$/s.exec(word) ?? [];
  if (group === undefined || name === undefined || value === undefined) {
    throw new OptionError(
      "--option must be written like vault.path=secret/yc: a resolver, its option, a value.",
      "option",
    );
  }
  refuseTypedOwn(`${group}.${name}`, value);
  place(config, [group, name], value === "-" ? await stdin() : value);
}

/** commander's name for a flag's value. */
function attributeOf(flag: string): string {
  return flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function place(
  config: Record<string, unknown>,
  [group, name]: readonly [string, string],
  value: unknown,
): void {
  if (group === "") config[name] = value;
  else config[group] = { ...(config[group] as object | undefined), [name]: value };
}
