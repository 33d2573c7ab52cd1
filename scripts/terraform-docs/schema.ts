import {
  type Schema_Attribute as Attribute,
  Schema_Object_NestingMode as NestingMode,
} from "../../provider/terraform/generated/tfplugin6";
import type { Schema } from "../../provider/terraform/schema";

/** A schema in the words and the layout of the registries' own pages. */
export function renderSchema({ wire }: Schema): string {
  const attributes = wire.block?.attributes ?? [];
  const nested = attributes.filter(({ nestedType }) => nestedType);
  return ["## Schema", ...sections(attributes, "###"), ...nested.map(renderNested)].join("\n\n");
}

function renderNested({ name, nestedType }: Attribute): string {
  const id = `<a id="nestedatt--${name}"></a>`;
  const inner = sections(nestedType?.attributes ?? [], "");
  return [`${id}\n### Nested Schema for \`${name}\``, ...inner].join("\n\n");
}

function sections(attributes: readonly Attribute[], level: string): readonly string[] {
  const kinds: readonly [string, readonly Attribute[]][] = [
    ["Required", attributes.filter(({ required }) => required)],
    ["Optional", attributes.filter(({ optional }) => optional)],
    ["Read-Only", attributes.filter(({ required, optional }) => !required && !optional)],
  ];
  return kinds
    .filter(([, of]) => of.length > 0)
    .map(([kind, of]) => [level ? `${level} ${kind}` : `${kind}:`, list(of)].join("\n\n"));
}

function list(attributes: readonly Attribute[]): string {
  return [...attributes]
    .sort((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1))
    .map((each) => {
      const flags = [typeName(each), ...(each.sensitive ? ["Sensitive"] : [])].join(", ");
      const more = each.nestedType ? ` (see [below for nested schema](#nestedatt--${each.name}))` : "";
      return `- \`${each.name}\` (${flags}) ${each.description}${more}`;
    })
    .join("\n");
}

const PRIMITIVES: Readonly<Record<string, string>> = { string: "String", number: "Number", bool: "Boolean" };

function typeName({ type, nestedType }: Attribute): string {
  if (nestedType) return nestedType.nesting === NestingMode.SINGLE ? "Attributes" : "Attributes List";
  return nameOf(JSON.parse(Buffer.from(type ?? []).toString()) as unknown);
}

function nameOf(type: unknown): string {
  if (typeof type === "string") return PRIMITIVES[type] ?? type;
  const [kind, inner] = type as [string, unknown];
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)} of ${nameOf(inner)}`;
}
