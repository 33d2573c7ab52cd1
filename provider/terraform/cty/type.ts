/**
 * The types of Terraform's type system (cty) that the schemas here use, in cty's own JSON form. cty also has sets, maps,
 * tuples and dynamic values. Source: go-cty `docs/json.md`.
 */
export type CtyType = "string" | "number" | "bool" | readonly ["list", CtyType] | ObjectType;

/** An object type: attribute names and their types. */
export type ObjectType = readonly ["object", Readonly<Record<string, CtyType>>];

/** The bytes by which the protocol names a type. */
export function typeToJson(type: CtyType): Uint8Array {
  return Buffer.from(JSON.stringify(type), "utf8");
}
