import { isSecretOption, type OptionSpecs } from "../core/options/options";
import { IMPERSONATE_GROUP, type OptionGroup, SETTINGS } from "../core/options/settings";
import { resolvers } from "../resolvers/index";

/** A group for each resolver, in the order of the default chain, and one for impersonation. */
export const groups: readonly OptionGroup[] = [...resolvers, IMPERSONATE_GROUP];

/** The options that belong to no resolver, by name. */
export const settings: OptionSpecs = SETTINGS;

const secretGroups = groups.filter(({ options }) => Object.values(options).some(isSecretOption));

/** Whether a group has an option that must not be shown. */
export function isSecretGroup(name: string): boolean {
  return secretGroups.some((group) => group.name === name);
}

/** Whether the value of a top-level property may be printed: a known one that can hold no secret. */
export function isShown(name: string): boolean {
  return name in settings || (groups.some((group) => group.name === name) && !isSecretGroup(name));
}
