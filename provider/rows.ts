import { isSecretOption, type OptionSpec, type OptionSpecs, variablesOf } from "./core/options/options";
import { IMPERSONATE_GROUP, type OptionGroup, SETTINGS } from "./core/options/settings";
import { type OutputSpecs, RESULT } from "./core/token/result";
import { resolvers } from "./resolvers/index";

/** A group for each resolver, in the order of the default chain, and one for impersonation. */
export const groups: readonly OptionGroup[] = [...resolvers, IMPERSONATE_GROUP];

/** The options that belong to no resolver, by name. */
export const settings: OptionSpecs = SETTINGS;

/** The fields of the result, by name. */
export const outputs: OutputSpecs = RESULT;

/** Names of the fields that must not be shown. */
export const SECRET_OUTPUTS = Object.keys(outputs).filter((name) => outputs[name]?.secret);

/** Names of the groups with an option that must not be shown. The whole group is kept as a secret. */
export const SECRET_GROUPS = groups
  .filter(({ options }) => Object.values(options).some(isSecretOption))
  .map(({ name }) => name);

/** Whether a group is one of those. */
export function isSecretGroup(name: string): boolean {
  return SECRET_GROUPS.includes(name);
}

/** Whether a top-level property is known and can hold no secret, so that its value may be printed. */
export function isShown(name: string): boolean {
  return name in settings || (groups.some((group) => group.name === name) && !isSecretGroup(name));
}

/** What users are told of an option: its sentence, the words it may be, its default and its variables. */
export function describeOption(spec: OptionSpec): string {
  const code = (text: string) => `\`${text}\``;
  const variables = variablesOf(spec, code);
  return [
    spec.doc,
    ...(spec.values === undefined ? [] : [`One of: ${spec.values.map(code).join(", ")}.`]),
    ...(spec.default === undefined ? [] : [`Default: ${code(spec.default)}.`]),
    ...(variables.length === 0 ? [] : [`Environment: ${variables.join(", ")}.`]),
  ].join(" ");
}

/** The name of a group's type in Pulumi's schema and in TypeScript, such as `IamTokenOptions`. */
export function typeName({ name }: OptionGroup): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}Options`;
}
