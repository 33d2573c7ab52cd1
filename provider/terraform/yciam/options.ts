import { isSecretOption, type OptionSpec, type OptionSpecs, variablesOf } from "../../core/options/options";
import { IMPERSONATE_GROUP, type OptionGroup, SETTINGS } from "../../core/options/settings";
import { resolvers } from "../../resolvers/index";
import { type CtyType } from "../cty/type";
import { type ObjectValue } from "../cty/value";
import { attribute, type Attribute, nested } from "../schema";
import { snakeCase } from "./names";

/** A group for each resolver, in the order of the default chain, and one for impersonation. */
const groups: readonly OptionGroup[] = [...resolvers, IMPERSONATE_GROUP];

/** What a group is for. A host starts its plugins without a terminal. */
export function summaryHere({ summary }: Pick<OptionGroup, "summary">): string {
  return summary.replace(", or at a terminal", "");
}

const { minRemainingValidity, refreshAfter, timeout } = SETTINGS;

/** The settings that one token may have for itself, over those of the provider. */
const OVERRIDES: OptionSpecs = Object.fromEntries(
  Object.entries({ minRemainingValidity, refreshAfter, timeout }).map(([name, { kind, doc }]) => [
    name,
    { kind, doc: `${doc} Default: the provider's.` },
  ]),
);

const TYPES: Readonly<Record<OptionSpec["kind"], CtyType>> = {
  string: "string",
  path: "string",
  url: "string",
  secret: "string",
  enum: "string",
  duration: "string",
  integer: "number",
  boolean: "bool",
  stringList: ["list", "string"],
};

/** Everything that a provider's block takes, each attribute made from its row. */
export function providerAttributes(): readonly Attribute[] {
  return [...groups.map(groupAttribute), ...attributesOf(SETTINGS)];
}

/** What one token takes for itself. */
export function overrideAttributes(): readonly Attribute[] {
  return [...attributesOf(OVERRIDES), groupAttribute(IMPERSONATE_GROUP)];
}

/** The attributes of a block that are overrides. */
export function pickOverrides(values: ObjectValue): ObjectValue {
  const names = [...Object.keys(OVERRIDES), IMPERSONATE_GROUP.name].map(snakeCase);
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}

/** Attributes from their rows, optional or required. */
export function attributesOf(
  specs: OptionSpecs,
  flag: "optional" | "required" = "optional",
): readonly Attribute[] {
  return Object.entries(specs).map(([name, spec]) =>
    attribute({
      name: snakeCase(name),
      type: TYPES[spec.kind],
      [flag]: true,
      sensitive: isSecretOption(spec),
      description: describe(spec),
    }),
  );
}

/**
 * CLIs drop a name that a group does not have, without a word. What is required has to be written, though it may be
 * null: a misspelled account is an error then, and not the caller's own token.
 */
function groupAttribute(group: OptionGroup): Attribute {
  return nested({
    name: snakeCase(group.name),
    optional: true,
    description: summaryHere(group),
    attributes: attributesOf(group.options, group === IMPERSONATE_GROUP ? "required" : "optional"),
  });
}

function describe(spec: OptionSpec): string {
  const { doc, json, values, default: preset } = spec;
  const code = (text: string) => `\`${text}\``;
  const variables = variablesOf(spec, code);
  return [
    doc,
    ...(json ? ["Here it is text: `jsonencode` makes it of an object."] : []),
    ...(values ? [`One of: ${values.map(code).join(", ")}.`] : []),
    ...(preset === undefined ? [] : [`Default: ${code(preset)}.`]),
    ...(variables.length === 0 ? [] : [`Environment: ${variables.join(", ")}.`]),
  ].join(" ");
}
