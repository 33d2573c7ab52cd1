import { type AppConfig, createApp } from "./app";
import type { Context } from "./core/context";
import { readServiceAccountKey } from "./core/iam/keys";
import { CredentialError, OptionError } from "./core/words/errors";
import { isObject } from "./core/words/json";
import { option } from "./core/words/message";
import { Secret } from "./core/words/secret";

/** Stands for a value that Pulumi knows only after an update. */
export const UNKNOWN = Symbol("unknown");

/** What Pulumi gives for one property, without its marks of secrecy. */
export type Input = null | undefined | boolean | number | string | typeof UNKNOWN | readonly Input[] | Inputs;

/** What Pulumi gives, by the names of the options. */
export interface Inputs {
  readonly [name: string]: Input;
}

/** Whether something in the value is unknown. */
export function hasUnknown(value: Input): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isGroup(value) ? Object.values(value).some(hasUnknown) : value === UNKNOWN;
}

/** Path of the first input in which something is unknown. A list counts as one value. */
export function findUnknown(inputs: Inputs): string | undefined {
  for (const [name, value] of Object.entries(inputs)) {
    if (hasUnknown(value)) return isGroup(value) ? `${name}.${findUnknown(value)}` : name;
  }
  return undefined;
}

/** What is known of the inputs, for the app. Nulls are left out, and so is a list with an unknown element. */
export function toConfig(inputs: Inputs): AppConfig {
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([, value]) => (value ?? null) !== null && (isGroup(value) || !hasUnknown(value)))
      .map(([name, value]) => [name, isGroup(value) ? toConfig(value) : value]),
  );
}

/** Names of the inputs that differ, unknown ones among them. */
export function changedInputs(olds: Inputs, news: Inputs): readonly string[] {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  return names.filter((name) => !same(olds[name], news[name]));
}

/** Whether two values are the same, apart from nulls and the order of keys. An unknown value equals nothing. */
export function same(one: Input, other: Input): boolean {
  return !hasUnknown(one) && !hasUnknown(other) && canonical(one) === canonical(other);
}

/** An option that cannot be used. */
export interface Mistake {
  /** Path of the option. */
  readonly option: string;
  /** What is wrong with it, as the host's users write options. Holds no value. */
  readonly reason: string;
}

/**
 * Finds the first mistake among the inputs that are known, before anything is made. It reads no key file and asks
 * nobody.
 */
export function findMistake(inputs: Inputs, context: Context): Mistake | undefined {
  try {
    createApp(toConfig(inputs), context);
    checkKey(inputs);
    return undefined;
  } catch (error) {
    if (!(error instanceof OptionError || error instanceof CredentialError)) throw error;
    return { option: error.option ?? "", reason: error.messageFor(context.spelling) };
  }
}

const KEY = "serviceAccountKey.json";

function checkKey({ serviceAccountKey: group }: Inputs): void {
  // A good key looks like a bad one while a part of it is unknown.
  if (!isGroup(group) || hasUnknown(group)) return;
  const { json = null } = group;
  if (json === null) return;
  readServiceAccountKey(typeof json === "string" ? new Secret(json) : json, option(KEY), KEY);
}

function isGroup(value: Input): value is Inputs {
  return isObject(value);
}

function canonical(value: Input): string {
  return JSON.stringify(value ?? null, (_, item: Input) =>
    isGroup(item)
      ? Object.fromEntries(
          Object.entries(item)
            .filter(([, inner]) => inner !== null)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : item,
  );
}
