import { type CtyType, type ObjectType, typeToJson } from "./cty/type";
import {
  type Schema as WireSchema,
  type Schema_Attribute,
  Schema_Object_NestingMode as NestingMode,
  StringKind,
} from "./generated/tfplugin6";

/** What every kind of attribute has. At least one of required, optional and computed has to be set. */
export interface AttributeFlags {
  readonly name: string;
  /** Markdown. */
  readonly description: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  /** The host hides the value where it prints; it still stores it. */
  readonly sensitive?: boolean;
  /** What to use in its place. Set, it makes the host warn. */
  readonly deprecated?: string;
}

/** An attribute, for the wire and for the codec. */
export interface Attribute {
  readonly name: string;
  readonly type: CtyType;
  readonly wire: Schema_Attribute;
}

/** The schema of a provider, a data source or an ephemeral resource. */
export interface Schema {
  /** What its configuration and its result look like. */
  readonly type: ObjectType;
  readonly wire: WireSchema;
}

/** How a nested attribute holds its objects. */
export type Nesting = "single" | "list";

const NESTING = {
  single: NestingMode.SINGLE,
  list: NestingMode.LIST,
} as const;

/**
 * An attribute of a plain type.
 *
 * @throws TypeError when the host would refuse it
 */
export function attribute(options: AttributeFlags & { readonly type: CtyType }): Attribute {
  return {
    name: options.name,
    type: options.type,
    wire: { ...common(options), type: typeToJson(options.type) },
  };
}

/**
 * An attribute that holds one object (the default), or several, whose attributes have flags of their own.
 *
 * @throws TypeError when the host would refuse it
 */
export function nested(
  options: AttributeFlags & { readonly nesting?: Nesting; readonly attributes: readonly Attribute[] },
): Attribute {
  const { name, nesting = "single", attributes } = options;
  const object = objectType(attributes);
  const wire = {
    ...common(options),
    nestedType: { nesting: NESTING[nesting], attributes: attributes.map((each) => each.wire) },
  };
  return { name, type: nesting === "single" ? object : [nesting, object], wire };
}

/**
 * A schema from its attributes.
 *
 * @throws TypeError when the host would refuse it
 */
export function schema(options: {
  /** Markdown. */
  readonly description: string;
  readonly attributes: readonly Attribute[];
  readonly version?: number;
}): Schema {
  const { description, attributes, version = 0 } = options;
  const block = {
    version,
    description,
    descriptionKind: StringKind.MARKDOWN,
    attributes: attributes.map((each) => each.wire),
  };
  return { type: objectType(attributes), wire: { version, block } };
}

function common(options: AttributeFlags): Schema_Attribute {
  assertFlags(options);
  const { name, description, required, optional, computed, sensitive, deprecated } = options;
  return {
    name,
    description,
    descriptionKind: StringKind.MARKDOWN,
    required,
    optional,
    computed,
    sensitive,
    deprecated: deprecated !== undefined,
    deprecationMessage: deprecated,
  };
}

/** What Terraform's own check of a schema asks for. Source: terraform `internal/configs/configschema`. */
function assertFlags({ name, required, optional, computed }: AttributeFlags): void {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new TypeError(`"${name}" cannot be the name of an attribute`);
  if (!required && !optional && !computed)
    throw new TypeError(`${name} has to be required, optional or computed`);
  if (required && (optional || computed))
    throw new TypeError(`${name} cannot be required and optional or computed`);
}

function objectType(attributes: readonly Attribute[]): ObjectType {
  const types = Object.fromEntries(attributes.map(({ name, type }) => [name, type]));
  if (Object.keys(types).length !== attributes.length)
    throw new TypeError("two attributes have the same name");
  return ["object", types];
}
