import { OptionError } from "../words/errors";
import { joinText, option, say, type Text } from "../words/message";
import { Secret } from "../words/secret";
import { parseDuration } from "./duration";
import type { OptionSpec, OptionSpecs, OptionTypes, OptionValues } from "./options";

/** Environment variables, read and never written. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Values read for a group of options, and where each came from. */
export interface ReadOptions<O extends OptionSpecs = OptionSpecs> {
  readonly values: OptionValues<O>;
  /** Says where a value came from, or would come from: the option, or the variable that set it. */
  readonly source: (name: keyof O & string) => Text;
  /** Whether a value came from the environment, and not from an option. */
  readonly isFromVariable: (name: keyof O & string) => boolean;
}

/** Where a value stands: an option's path, and the variable that it came from, if it did. */
interface Place {
  readonly path: string;
  readonly variable?: string | undefined;
}

/** What a reader of one kind is given: the value as it was written, where, and the option's row. */
type Reader<T> = (raw: unknown, at: Place, spec: OptionSpec) => T;

const readers: { readonly [K in keyof OptionTypes]: Reader<OptionTypes[K]> } = {
  string: readText,
  path: readText,
  url: readText,
  secret: readSecret,
  duration: (raw, at) => parseDuration(readText(raw, at), at.path, nameOfPlace(at)),
  enum: readEnum,
  integer: readInteger,
  boolean: readBoolean,
  stringList: readList,
};

/**
 * Reads one group of options from what the user gave and, for what was not given, from the environment.
 * An empty variable counts as not set; an empty option is a mistake.
 * @param prefix path of the group, such as `serviceAccountKey`; empty for top-level options
 * @throws OptionError that names the option and never echoes its value
 */
export function readOptions<O extends OptionSpecs>(
  prefix: string,
  specs: O,
  raw: Readonly<Record<string, unknown>>,
  env: Env,
): ReadOptions<O> {
  rejectUnknown(prefix, raw, specs);
  const values: Record<string, unknown> = {};
  const variables: Record<string, string | undefined> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const given = raw[name] ?? undefined;
    const variable = given === undefined && spec.env !== undefined ? findVariable(spec.env, env) : undefined;
    if (given === undefined && variable === undefined) continue;
    const value = variable === undefined ? given : variableText(spec, env[variable] as string);
    variables[name] = variable;
    const path = prefix === "" ? name : `${prefix}.${name}`;
    values[name] = readers[spec.kind](value, { path, variable }, spec);
  }
  return {
    values: values as OptionValues<O>,
    source: (name) => nameOfPlace({ path: pathOf(prefix, name), variable: variables[name] }),
    isFromVariable: (name) => variables[name] !== undefined,
  };
}

function pathOf(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}

function nameOfPlace({ path, variable }: Place): Text {
  return variable ?? option(path);
}

function variableText({ kind }: OptionSpec, text: string): unknown {
  if (kind === "stringList") return text.split(",").map((item) => item.trim());
  return kind === "secret" ? text : text.trim();
}

/** The first of these variables that is set, and whose condition its value meets. */
function findVariable(candidates: NonNullable<OptionSpec["env"]>, env: Env): string | undefined {
  for (const candidate of candidates) {
    const name = typeof candidate === "string" ? candidate : candidate.name;
    const text = env[name];
    if (text === undefined || text.trim() === "") continue;
    if (typeof candidate === "string" || candidate.when(text)) return name;
  }
  return undefined;
}

/**
 * Fails when `raw` has a key that none of `known` has, and lists those that they have.
 * @throws OptionError
 */
export function rejectUnknown(
  prefix: string,
  raw: Readonly<Record<string, unknown>>,
  ...known: readonly object[]
): void {
  for (const name of Object.keys(raw)) {
    let isKnown = raw[name] === undefined;
    for (const names of known) isKnown ||= Object.hasOwn(names, name);
    if (!isKnown) throw unknownOption(prefix, Object.assign({}, ...known) as object, name);
  }
}

function unknownOption(prefix: string, known: object, stranger: string): OptionError {
  // A whole credential in the place of a name must not be shown.
  const isName = stranger.length <= 40 && /^[\w-]+$/.test(stranger);
  const path = isName ? pathOf(prefix, stranger) : "(not a name)";
  const others = joinText(
    Object.keys(known).map((other) => option(pathOf(prefix, other))),
    ", ",
  );
  return new OptionError(say`there is no option ${option(path)}. Known here: ${others}.`, path);
}

/** The error for what is not a plain object, such as a string where `{file: ...}` is meant. */
export function noGroup(path: string, specs: OptionSpecs): OptionError {
  const names = joinText(
    Object.keys(specs).map((name) => option(`${path}.${name}`)),
    ", ",
  );
  return new OptionError(say`${option(path)} must be an object with some of: ${names}.`, path);
}

function readText(raw: unknown, at: Place): string {
  if (typeof raw !== "string") throw new OptionError(say`${nameOfPlace(at)} must be a string.`, at.path);
  if (raw.trim() === "")
    throw new OptionError(say`${nameOfPlace(at)} is empty. Give it a value or leave it out.`, at.path);
  return raw;
}

function readSecret(raw: unknown, at: Place, spec: OptionSpec): Secret {
  if (raw instanceof Secret) return raw;
  if (spec.json !== true || typeof raw !== "object") return new Secret(readText(raw, at));
  try {
    return new Secret(JSON.stringify(raw));
  } catch {
    throw new OptionError(say`${nameOfPlace(at)} is an object that cannot be written as JSON.`, at.path);
  }
}

function readEnum(raw: unknown, at: Place, spec: OptionSpec): string {
  const text = readText(raw, at);
  if (spec.values?.includes(text)) return text;
  throw new OptionError(say`${nameOfPlace(at)} must be one of: ${(spec.values ?? []).join(", ")}.`, at.path);
}

function readInteger(raw: unknown, at: Place, spec: OptionSpec): number {
  const [least, greatest] = spec.range ?? [0, Number.MAX_SAFE_INTEGER];
  const value = typeof raw === "string" && /^-?\d+$/.test(raw) ? Number(raw) : raw;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= greatest)
    return value;
  throw new OptionError(
    say`${nameOfPlace(at)} must be a whole number from ${least} to ${greatest}.`,
    at.path,
  );
}

function readBoolean(raw: unknown, at: Place): boolean {
  if (typeof raw === "boolean") return raw;
  if (raw === "true" || raw === "1") return true;
  if (raw === "false" || raw === "0") return false;
  throw new OptionError(say`${nameOfPlace(at)} must be true or false.`, at.path);
}

function readList(raw: unknown, at: Place): readonly string[] {
  const isList = Array.isArray(raw) && raw.every((item) => typeof item === "string" && item !== "");
  if (isList && raw.length > 0) return raw as string[];
  throw new OptionError(say`${nameOfPlace(at)} must be a list of strings, none of them empty.`, at.path);
}
