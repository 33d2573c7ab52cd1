import { type CtyType, type ObjectType, typeToJson } from "./cty/type";
import {
  type Schema as WireSchema,
  type Schema_Attribute,
  type Schema_Block,
  type Schema_NestedBlock,
  Schema_NestedBlock_NestingMode as BlockNesting,
  Schema_Object_NestingMode as ObjectNesting,
  StringKind,
} from "./generated/tfplugin6";

/** What every part of a schema has. */
interface Named {
  readonly name: string;
  /** Markdown. */
  readonly description: string;
}

/** What is told of an attribute. */
export interface AttributeSpec extends Named {
  readonly type: CtyType;
  /** The host does not print the value. It still stores it. */
  readonly sensitive?: boolean;
}

/** A part of a schema, for the codec and for the wire. */
export interface Part<W> {
  readonly name: string;
  readonly type: CtyType;
  readonly wire: W;
}

/** An attribute, written `name = value`. */
export type Attribute = Part<Schema_Attribute>;

/** A block, written `name { ... }` or not at all. The CLIs refuse a name that it does not have. */
export type Block = Part<Schema_NestedBlock>;

/** The schema of a provider, a data source or an ephemeral resource. */
export interface Schema {
  /** What its configuration and its result look like. */
  readonly type: ObjectType;
  readonly wire: WireSchema;
}

/** An attribute that the user may set. */
export function input(spec: AttributeSpec): Attribute {
  return { name: spec.name, type: spec.type, wire: { ...plain(spec), optional: true } };
}

/** An attribute that the provider sets. */
export function output(spec: AttributeSpec): Attribute {
  return { name: spec.name, type: spec.type, wire: { ...plain(spec), computed: true } };
}

/** A list of objects that the provider sets. */
export function outputList(spec: Named & { readonly attributes: readonly Attribute[] }): Attribute {
  const { name, attributes } = spec;
  const nestedType = { nesting: ObjectNesting.LIST, attributes: attributes.map(({ wire }) => wire) };
  return {
    name,
    type: ["list", objectType(attributes)],
    wire: { ...described(spec), name, computed: true, nestedType },
  };
}

/** A block that may be written once. */
export function block(spec: Named & { readonly attributes: readonly Attribute[] }): Block {
  const wire = { typeName: spec.name, nesting: BlockNesting.SINGLE, block: wireBlock(spec) };
  return { name: spec.name, type: objectType(spec.attributes), wire };
}

/** A schema from its attributes and blocks. */
export function schema(spec: {
  /** Markdown. */
  readonly description: string;
  readonly attributes: readonly Attribute[];
  readonly blocks?: readonly Block[];
}): Schema {
  const { attributes, blocks = [] } = spec;
  const blockTypes = blocks.map(({ wire }) => wire);
  const wire = { version: 0, block: { version: 0, ...wireBlock(spec), blockTypes } };
  return { type: objectType([...attributes, ...blocks]), wire };
}

function plain(spec: AttributeSpec): Schema_Attribute {
  const { name, type, sensitive } = spec;
  return { ...described(spec), name, type: typeToJson(type), sensitive };
}

function wireBlock(spec: {
  readonly description: string;
  readonly attributes: readonly Attribute[];
}): Schema_Block {
  return { ...described(spec), attributes: spec.attributes.map(({ wire }) => wire) };
}

function described({ description }: { readonly description: string }) {
  return { description, descriptionKind: StringKind.MARKDOWN };
}

function objectType(parts: readonly Part<unknown>[]): ObjectType {
  return ["object", Object.fromEntries(parts.map(({ name, type }) => [name, type]))];
}
