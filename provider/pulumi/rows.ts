import type { OptionSpec, OptionSpecs } from "../core/options";
import { IMPERSONATE, SETTINGS } from "../core/settings";
import { resolvers } from "../resolvers/index";

/** Options that are given together, as one object. */
export interface Group {
  readonly name: string;
  /** One sentence: what it is for. */
  readonly summary: string;
  readonly options: OptionSpecs;
}

/** A group for each resolver, in the order of the default chain, and one for impersonation. */
export const groups: readonly Group[] = [
  ...resolvers,
  {
    name: "impersonate",
    summary: "One more step after any resolver: the token of another service account is handed out.",
    options: IMPERSONATE,
  },
];

/** The options that belong to no resolver, by name. */
export const settings: OptionSpecs = SETTINGS;

/** Whether an option's value must not be shown. */
export function isSecret(spec: OptionSpec): boolean {
  return spec.kind === "secret" || spec.secret === true;
}

const secretGroups = groups.filter(({ options }) => Object.values(options).some(isSecret));

/** Whether a group has an option that must not be shown. */
export function isSecretGroup(name: string): boolean {
  return secretGroups.some((group) => group.name === name);
}

/** Whether the value of a top-level property may be printed: a known one that can hold no secret. */
export function isShown(name: string): boolean {
  return name in settings || (groups.some((group) => group.name === name) && !isSecretGroup(name));
}
