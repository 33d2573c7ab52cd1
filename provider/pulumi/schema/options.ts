import { isSecretOption, type OptionSpec, type OptionSpecs, variablesOf } from "../../core/options/options";
import type { OptionGroup } from "../../core/options/settings";
import { groups, isSecretGroup, settings } from "../rows";

/** One property in a Pulumi package schema. */
export interface PropertySchema {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: PropertySchema;
  readonly description?: string;
  readonly secret?: boolean;
}

/** Properties by name. */
export type PropertySchemas = Readonly<Record<string, PropertySchema>>;

/** An object type in a Pulumi package schema. */
export interface ObjectSchema {
  readonly type: "object";
  readonly description?: string;
  readonly properties: PropertySchemas;
  readonly required?: readonly string[];
}

// No property gets a `default` or a `defaultInfo`: both would be written into inputs, and so into the state.
const TYPES: Readonly<Record<OptionSpec["kind"], PropertySchema>> = {
  string: { type: "string" },
  path: { type: "string" },
  url: { type: "string" },
  secret: { type: "string" },
  enum: { type: "string" },
  duration: { type: "string" },
  integer: { type: "integer" },
  boolean: { type: "boolean" },
  stringList: { type: "array", items: { type: "string" } },
};

/** All options, as properties of a provider, a function or a resource. */
export function optionProperties(overrides: OptionSpecs = {}): PropertySchemas {
  return { ...Object.fromEntries(groups.map(groupProperty)), ...propertiesOf({ ...settings, ...overrides }) };
}

/** A type for each group of options, by token. */
export function groupTypes(): Readonly<Record<string, ObjectSchema>> {
  return Object.fromEntries(
    groups.map((group) => [
      tokenOf(group),
      { type: "object", description: group.summary, properties: propertiesOf(group.options) },
    ]),
  );
}

/** The schema of these options, each by its own row. */
export function propertiesOf(specs: OptionSpecs): PropertySchemas {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      name,
      { ...TYPES[spec.kind], description: describe(spec), ...(isSecretOption(spec) ? { secret: true } : {}) },
    ]),
  );
}

function groupProperty(group: OptionGroup): [string, PropertySchema] {
  const { name, summary } = group;
  const secret = isSecretGroup(name) ? { secret: true } : {};
  return [name, { $ref: `#/types/${tokenOf(group)}`, description: summary, ...secret }];
}

function tokenOf({ name }: OptionGroup): string {
  return `yciam:index:${name.charAt(0).toUpperCase()}${name.slice(1)}Options`;
}

function describe(spec: OptionSpec): string {
  const variables = variablesOf(spec, (name) => `\`${name}\``);
  return [
    spec.doc,
    ...(spec.values === undefined ? [] : [`One of: ${spec.values.map((word) => `\`${word}\``).join(", ")}.`]),
    ...(spec.default === undefined ? [] : [`Default: \`${spec.default}\`.`]),
    ...(variables.length === 0 ? [] : [`Environment: ${variables.join(", ")}.`]),
  ].join(" ");
}
