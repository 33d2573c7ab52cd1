/**
 * The types of Terraform's type system (cty) that the schemas here use, in its own JSON form. It has more: sets, maps,
 * tuples, and values whose type is only known with them. Source: go-cty `docs/json.md`.
 */
export type CtyType = "string" | "number" | "bool" | readonly ["list", CtyType] | ObjectType;

/** An object type: attribute names and their types. */
export type ObjectType = readonly ["object", Readonly<Record<string, CtyType>>];

/** The bytes by which the protocol names a type. */
export function typeToJson(type: CtyType): Uint8Array {
  return Buffer.from(JSON.stringify(type), "utf8");
}
