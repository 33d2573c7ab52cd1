import { isSecretOption, type OptionSpec, type OptionSpecs } from "../../core/options/options";
import type { OptionGroup } from "../../core/options/settings";
import type { OutputSpecs } from "../../core/token/result";
import { describeOption, groups, isSecretGroup, settings, typeName } from "../../rows";

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

/** All options, as properties of a provider, a function or a resource, with its own settings in place of all others'. */
export function optionProperties(own: OptionSpecs = settings): PropertySchemas {
  return { ...Object.fromEntries(groups.map(groupProperty)), ...propertiesOf(own) };
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
      {
        ...TYPES[spec.kind],
        description: describeOption(spec),
        ...(isSecretOption(spec) ? { secret: true } : {}),
      },
    ]),
  );
}

/**
 * The schema of an answer, each field by its own row.
 * @param types those of the fields that are no strings
 */
export function outputsOf(
  rows: OutputSpecs,
  types: PropertySchemas = {},
): Pick<Required<ObjectSchema>, "properties" | "required"> {
  const properties = Object.entries(rows).map(([name, { doc, secret }]): [string, PropertySchema] => [
    name,
    { ...(types[name] ?? { type: "string" }), description: doc, ...(secret ? { secret } : {}) },
  ]);
  const required = Object.keys(rows).filter((name) => rows[name]?.optional !== true);
  return { properties: Object.fromEntries(properties), required };
}

function groupProperty(group: OptionGroup): [string, PropertySchema] {
  const { name, summary } = group;
  const secret = isSecretGroup(name) ? { secret: true } : {};
  return [name, { $ref: `#/types/${tokenOf(group)}`, description: summary, ...secret }];
}

function tokenOf(group: OptionGroup): string {
  return `yciam:index:${typeName(group)}`;
}
