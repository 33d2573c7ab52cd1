import { isNumber, parseNumber, smallest } from "./number";
import { into, type Path } from "./path";
import { asArray, asRecord, mapRecord } from "./shape";
import { type CtyType, isRecord, type ObjectType, parseType } from "./type";
import { Dynamic, type ObjectValue, UNKNOWN, type Value, ValueError } from "./value";

/**
 * Gives raw data from msgpack or JSON the shape its type asks for.
 *
 * @throws ValueError when it does not fit
 */
export function decode(type: CtyType, raw: unknown, path: Path = []): Value {
  if (raw === UNKNOWN) return UNKNOWN;
  if (raw === null || raw === undefined) return null;
  if (typeof type === "string") return decodePrimitive(type, raw, path);
  switch (type[0]) {
    case "list":
    case "set":
      return asArray(raw, path).map((item, index) => decode(type[1], item, into(path, { index })));
    case "tuple":
      return decodeTuple(type[1], asArray(raw, path), path);
    case "map":
      return mapRecord(asRecord(raw, path), (item, key) => decode(type[1], item, into(path, { key })));
    case "object":
      return decodeObject(type, raw, path);
  }
}

function decodePrimitive(type: Extract<CtyType, string>, raw: unknown, path: Path): Value {
  switch (type) {
    case "dynamic":
      return decodeDynamic(raw, path);
    case "number":
      return decodeNumber(raw, path);
    case "string":
      if (typeof raw === "string") return raw;
      throw new ValueError("a string is required", path);
    case "bool":
      if (typeof raw === "boolean") return raw;
      throw new ValueError("true or false is required", path);
  }
}

function decodeNumber(raw: unknown, path: Path): Value {
  try {
    if (typeof raw === "bigint") return smallest(raw);
    if (typeof raw === "string") return parseNumber(raw);
    if (isNumber(raw)) return raw;
  } catch {
    // Said below, with the path.
  }
  throw new ValueError("a number is required", path);
}

/** msgpack has `[type as JSON bytes, value]` here, and JSON has `{type, value}`. */
function decodeDynamic(raw: unknown, path: Path): Value {
  if (Array.isArray(raw) && raw.length === 2 && raw[0] instanceof Uint8Array) {
    const type = parseType(JSON.parse(Buffer.from(raw[0]).toString("utf8")));
    return new Dynamic(type, decode(type, raw[1], path));
  }
  if (isRecord(raw) && "type" in raw) {
    const type = parseType(raw["type"]);
    return new Dynamic(type, decode(type, raw["value"], path));
  }
  throw new ValueError("a value with its type is required", path);
}

function decodeTuple(types: readonly CtyType[], items: readonly unknown[], path: Path): Value {
  if (items.length !== types.length) throw new ValueError(`a tuple of ${types.length} is required`, path);
  return types.map((type, index) => decode(type, items[index], into(path, { index })));
}

function decodeObject([, attributes]: ObjectType, raw: unknown, path: Path): ObjectValue {
  const given = asRecord(raw, path);
  const extra = Object.keys(given).find((name) => !Object.hasOwn(attributes, name));
  if (extra !== undefined) throw new ValueError("no such attribute", into(path, { attribute: extra }));
  return mapRecord(attributes, (type, attribute) =>
    decode(type, given[attribute], into(path, { attribute })),
  );
}
