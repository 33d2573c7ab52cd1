import { parseDuration } from "./duration";
import type { Env } from "../context";
import { OptionError } from "../words/errors";
import { isObject } from "../words/json";
import { joinText, option, type OptionRef, say, type Text } from "../words/message";
import { Secret } from "../words/secret";

/** A variable that counts only when its value passes `when`: `YC_TOKEN` means two things in the field. */
export interface ConditionalVariable {
  readonly name: string;
  readonly when: (value: string) => boolean;
  /** When it counts, in words, for the documentation. */
  readonly note: string;
}

/** The value types that an option can have. */
export interface OptionTypes {
  string: string;
  path: string;
  url: string;
  secret: Secret;
  enum: string;
  /** Milliseconds. */
  duration: number;
  integer: number;
  boolean: boolean;
  stringList: readonly string[];
}

/** All that is known of one option: every schema, table and message is made from it. */
export interface OptionSpec {
  readonly kind: keyof OptionTypes;
  /** Set for values that must not be shown; kind `secret` always is. */
  readonly secret?: boolean;
  /** Kind `secret` alone: an object is taken too, as the JSON of it. */
  readonly json?: boolean;
  /** Variables that set it, first one wins. */
  readonly env?: readonly (string | ConditionalVariable)[];
  /** One sentence for users. */
  readonly doc: string;
  /** The words allowed for kind `enum`. */
  readonly values?: readonly string[];
  /** The default, as a user would write it; for documentation and for reading. */
  readonly default?: string;
  /** Whole numbers: the least and the greatest allowed. */
  readonly range?: readonly [number, number];
}

/** Whether an option's value must not be shown. */
export function isSecretOption({ kind, secret }: OptionSpec): boolean {
  return kind === "secret" || secret === true;
}

/**
 * The variables that set an option; those that count only under a condition say so.
 * @param show writes a name, in code marks say
 */
export function variablesOf({ env = [] }: OptionSpec, show = (name: string) => name): readonly string[] {
  return env.map((one) => (typeof one === "string" ? show(one) : `${show(one.name)} ${one.note}`));
}

/** Options by name. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** The values of some options, typed by their kind; absent when not set. */
export type OptionValues<O extends OptionSpecs> = { readonly [K in keyof O]?: OptionTypes[O[K]["kind"]] };

/** Values read for a group of options, and where each came from. */
export interface ReadOptions<O extends OptionSpecs = OptionSpecs> {
  readonly values: OptionValues<O>;
  /** Says where a value came from, or would come from: the option, or the variable that set it. */
  readonly source: (name: keyof O & string) => Text | OptionRef;
  /** Names of the options that were given, not taken from a variable. */
  readonly given: ReadonlySet<string>;
}

/** Whether `source` says that a value came from the environment, and not from an option. */
export function isVariable(source: Text | OptionRef): boolean {
  return typeof source === "string";
}

/** An option in an error: its path, and what messages call it: the option, or the variable that set it. */
interface Place {
  readonly path: string;
  readonly name: Text | OptionRef;
}

const readers: {
  readonly [K in keyof OptionTypes]: (raw: unknown, at: Place, spec: OptionSpec) => OptionTypes[K];
} = {
  string: readText,
  path: readText,
  url: readText,
  secret: readSecret,
  duration: (raw, at) => parseDuration(readText(raw, at), at.path, at.name),
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
  const path = (name: string) => (prefix === "" ? name : `${prefix}.${name}`);
  rejectUnknown(prefix, Object.keys(specs), raw);
  const values: Record<string, unknown> = {};
  const variables = new Map<string, string>();
  const given = new Set<string>();
  for (const [name, spec] of Object.entries(specs)) {
    const own = raw[name];
    if (own !== undefined && own !== null) {
      values[name] = readers[spec.kind](own, { path: path(name), name: option(path(name)) }, spec);
      given.add(name);
      continue;
    }
    const variable = findVariable(spec, env);
    if (variable === undefined) continue;
    variables.set(name, variable);
    const at = { path: path(name), name: variable };
    values[name] = readers[spec.kind](variableText(spec, env[variable] as string), at, spec);
  }
  return {
    values: values as OptionValues<O>,
    given,
    source: (name) => variables.get(name) ?? option(path(name)),
  };
}

function variableText({ kind }: OptionSpec, text: string): unknown {
  if (kind === "stringList") return text.split(",").map((item) => item.trim());
  return kind === "secret" ? text : text.trim();
}

function findVariable(spec: OptionSpec, env: Env): string | undefined {
  const set = (name: string) => (env[name] ?? "").trim() !== "";
  const found = spec.env?.find((variable) =>
    typeof variable === "string"
      ? set(variable)
      : set(variable.name) && variable.when(env[variable.name] as string),
  );
  return typeof found === "object" ? found.name : found;
}

/**
 * Fails when `raw` has a key that is not in `known`, and lists those that are.
 * @throws OptionError
 */
export function rejectUnknown(
  prefix: string,
  known: readonly string[],
  raw: Readonly<Record<string, unknown>>,
): void {
  const stranger = Object.keys(raw).find((name) => !known.includes(name) && raw[name] !== undefined);
  if (stranger === undefined) return;
  const at = (name: string) => (prefix === "" ? name : `${prefix}.${name}`);
  // A whole credential in the place of a name must not be shown.
  const path = stranger.length > 40 || /[^\w-]/.test(stranger) ? "(not a name)" : at(stranger);
  const others = joinText(
    known.map((other) => option(at(other))),
    ", ",
  );
  throw new OptionError(say`there is no option ${option(path)}. Known here: ${others}.`, path);
}

/** Fails for what is not a plain object, such as a string where `{file: ...}` is meant. */
export function readGroup(raw: unknown, path: string, specs: OptionSpecs): Readonly<Record<string, unknown>> {
  if (isObject(raw)) return raw;
  const names = joinText(
    Object.keys(specs).map((name) => option(`${path}.${name}`)),
    ", ",
  );
  throw new OptionError(say`${option(path)} must be an object with some of: ${names}.`, path);
}

function readText(raw: unknown, at: Place): string {
  if (typeof raw !== "string") throw new OptionError(say`${at.name} must be a string.`, at.path);
  if (raw.trim() === "")
    throw new OptionError(say`${at.name} is empty. Give it a value or leave it out.`, at.path);
  return raw;
}

function readSecret(raw: unknown, at: Place, spec: OptionSpec): Secret {
  if (raw instanceof Secret) return raw;
  if (spec.json !== true || typeof raw !== "object") return new Secret(readText(raw, at));
  try {
    return new Secret(JSON.stringify(raw));
  } catch {
    throw new OptionError(say`${at.name} is an object that cannot be written as JSON.`, at.path);
  }
}

function readEnum(raw: unknown, at: Place, spec: OptionSpec): string {
  const text = readText(raw, at);
  if (spec.values?.includes(text)) return text;
  throw new OptionError(say`${at.name} must be one of: ${(spec.values ?? []).join(", ")}.`, at.path);
}

function readInteger(raw: unknown, at: Place, spec: OptionSpec): number {
  const [least, greatest] = spec.range ?? [0, Number.MAX_SAFE_INTEGER];
  const value = typeof raw === "string" && /^-?\d+$/.test(raw) ? Number(raw) : raw;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= greatest)
    return value;
  throw new OptionError(say`${at.name} must be a whole number from ${least} to ${greatest}.`, at.path);
}

function readBoolean(raw: unknown, at: Place): boolean {
  if (typeof raw === "boolean") return raw;
  if (raw === "true" || raw === "1") return true;
  if (raw === "false" || raw === "0") return false;
  throw new OptionError(say`${at.name} must be true or false.`, at.path);
}

function readList(raw: unknown, at: Place): readonly string[] {
  const isList = Array.isArray(raw) && raw.every((item) => typeof item === "string" && item !== "");
  if (isList && raw.length > 0) return raw as string[];
  throw new OptionError(say`${at.name} must be a list of strings, none of them empty.`, at.path);
}
