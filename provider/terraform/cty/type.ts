/**
 * A type of cty, Terraform's type system, in its own JSON form.
 * Source: go-cty `docs/json.md`.
 */
export type CtyType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list" | "set" | "map", CtyType]
  | readonly ["tuple", readonly CtyType[]]
  | ObjectType;

/** An object type: attribute names and their types. */
export type ObjectType = readonly ["object", Readonly<Record<string, CtyType>>];

const PRIMITIVES: ReadonlySet<unknown> = new Set(["string", "number", "bool", "dynamic"]);
const COLLECTIONS: ReadonlySet<unknown> = new Set(["list", "set", "map"]);

/** The bytes by which the protocol names a type. */
export function typeToJson(type: CtyType): Uint8Array {
  return Buffer.from(JSON.stringify(type), "utf8");
}

/**
 * Reads a type named by the host.
 *
 * @throws TypeError when it is none of cty's
 */
export function parseType(raw: unknown): CtyType {
  if (PRIMITIVES.has(raw)) return raw as CtyType;
  if (!Array.isArray(raw)) throw notAType(raw);
  const [kind, argument] = raw as unknown[];
  if (COLLECTIONS.has(kind)) return [kind as "list", parseType(argument)];
  if (kind === "tuple" && Array.isArray(argument)) return ["tuple", argument.map(parseType)];
  if (kind === "object" && isRecord(argument)) {
    return [
      "object",
      Object.fromEntries(Object.entries(argument).map(([name, type]) => [name, parseType(type)])),
    ];
  }
  throw notAType(raw);
}

/** Whether a value is a plain map of names, as JSON and msgpack make them, and no instance of a class. */
export function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === "object" && raw !== null && Object.getPrototypeOf(raw) === Object.prototype;
}

function notAType(raw: unknown): TypeError {
  return new TypeError(`${JSON.stringify(raw)} is not a type of cty`);
}
