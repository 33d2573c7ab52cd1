import type {
  Schema_Attribute as Attribute,
  Schema_NestedBlock as Block,
} from "../../provider/terraform/generated/tfplugin6";
import type { Schema } from "../../provider/terraform/schema";

/** One line of a list: what a schema has under this name. */
interface Item {
  readonly name: string;
  readonly line: string;
}

/** A schema in the words and the layout of the registries' own pages. */
export function renderSchema({ wire }: Schema): string {
  const { attributes = [], blockTypes = [] } = wire.block ?? {};
  const nested = attributes.filter(({ nestedType }) => nestedType);
  return [
    "## Schema",
    ...sections(attributes, blockTypes, "###"),
    ...blockTypes.map(({ typeName = "", block }) => below("nestedblock", typeName, block?.attributes)),
    ...nested.map(({ name = "", nestedType }) => below("nestedatt", name, nestedType?.attributes)),
  ].join("\n\n");
}

function below(kind: string, name: string, attributes: readonly Attribute[] = []): string {
  const heading = `<a id="${kind}--${name}"></a>\n### Nested Schema for \`${name}\``;
  return [heading, ...sections(attributes, [], "")].join("\n\n");
}

function sections(
  attributes: readonly Attribute[],
  blocks: readonly Block[],
  level: string,
): readonly string[] {
  const inputs = attributes.filter(({ optional }) => optional);
  const outputs = attributes.filter(({ optional }) => !optional);
  const kinds: readonly [string, readonly Item[]][] = [
    ["Optional", [...inputs.map(attributeItem), ...blocks.map(blockItem)]],
    ["Read-Only", outputs.map(attributeItem)],
  ];
  return kinds
    .filter(([, items]) => items.length > 0)
    .map(([kind, items]) => [level ? `${level} ${kind}` : `${kind}:`, list(items)].join("\n\n"));
}

function list(items: readonly Item[]): string {
  return [...items]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ line }) => line)
    .join("\n");
}

function attributeItem({ name = "", sensitive, description, type, nestedType }: Attribute): Item {
  const flags = [nestedType ? "Attributes List" : typeName(type), ...(sensitive ? ["Sensitive"] : [])];
  const more = nestedType ? seeBelow("nestedatt", name) : "";
  return { name, line: `- \`${name}\` (${flags.join(", ")}) ${description}${more}` };
}

function blockItem({ typeName: name = "", block }: Block): Item {
  return {
    name,
    line: `- \`${name}\` (Block, Optional) ${block?.description}${seeBelow("nestedblock", name)}`,
  };
}

function seeBelow(kind: string, name: string): string {
  return ` (see [below for nested schema](#${kind}--${name}))`;
}

const PRIMITIVES: Readonly<Record<string, string>> = { string: "String", number: "Number", bool: "Boolean" };

function typeName(type: Uint8Array = new Uint8Array()): string {
  return nameOf(JSON.parse(Buffer.from(type).toString()) as unknown);
}

function nameOf(type: unknown): string {
  if (typeof type === "string") return PRIMITIVES[type] ?? type;
  const [, inner] = type as [string, unknown];
  return `List of ${nameOf(inner)}`;
}
