import { ACCESS_KEY_OPTIONS } from "../../core/options/access-key";
import { isSecretOption, type OptionSpec, type OptionSpecs, variablesOf } from "../../core/options/options";
import { IMPERSONATE_GROUP, type OptionGroup, SETTINGS } from "../../core/options/settings";
import { resolvers } from "../../resolvers/index";
import { type CtyType } from "../cty/type";
import { type ObjectValue } from "../cty/value";
import { type Attribute, block, type Block, input } from "../schema";
import { snakeCase } from "./names";

/** Attributes and blocks of a schema. */
interface Parts {
  readonly attributes: readonly Attribute[];
  readonly blocks: readonly Block[];
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

/** Everything that the provider's block takes, made from the rows. Resolvers are in the order of the chain. */
export function providerParts(): Parts {
  return { attributes: attributesOf(SETTINGS), blocks: [...resolvers, IMPERSONATE_GROUP].map(blockOf) };
}

/** What one token takes for itself. */
export function overrideParts(): Parts {
  return { attributes: attributesOf(OVERRIDES), blocks: [blockOf(IMPERSONATE_GROUP)] };
}

/** What an access key takes for itself. */
export function accessKeyParts(): Parts {
  const own = { ...ACCESS_KEY_OPTIONS, timeout: OVERRIDES["timeout"]! };
  return { attributes: attributesOf(own), blocks: [blockOf(IMPERSONATE_GROUP)] };
}

const OVERRIDE_NAMES = [...Object.keys(OVERRIDES), IMPERSONATE_GROUP.name].map(snakeCase);

/** The values of a block that are overrides. */
export function pickOverrides(values: ObjectValue): ObjectValue {
  return Object.fromEntries(Object.entries(values).filter(([name]) => OVERRIDE_NAMES.includes(name)));
}

function blockOf({ name, summary, options }: OptionGroup): Block {
  return block({ name: snakeCase(name), description: summary, attributes: attributesOf(options) });
}

function attributesOf(specs: OptionSpecs): readonly Attribute[] {
  return Object.entries(specs).map(([name, spec]) =>
    input({
      name: snakeCase(name),
      type: TYPES[spec.kind],
      sensitive: isSecretOption(spec),
      description: describe(spec),
    }),
  );
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
