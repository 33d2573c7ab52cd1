import { Decimal, isNumber } from "./number";
import { into, type Path, showPath } from "./path";
import { asArray, asRecord, mapRecord } from "./shape";
import { type CtyType, type ObjectType, typeToJson } from "./type";
import { Dynamic, UNKNOWN, type Value, ValueError } from "./value";

/**
 * Turns a value into what msgpack writes, checked against its type. An object gets every attribute of its type: one
 * that is missing is null. UNKNOWN stays as it is, for the msgpack layer.
 *
 * @throws ValueError when the value does not fit: the host would call it a bug of the provider, so here it is one
 */
export function encode(type: CtyType, value: Value | undefined, path: Path = []): unknown {
  if (value === UNKNOWN) return UNKNOWN;
  if (value === null || value === undefined) return null;
  if (typeof type === "string") return encodePrimitive(type, value, path);
  switch (type[0]) {
    case "list":
    case "set":
      return asArray<Value>(value, path).map((item, index) => encode(type[1], item, into(path, { index })));
    case "tuple":
      return encodeTuple(type[1], asArray<Value>(value, path), path);
    case "map":
      return mapRecord(asRecord<Value>(value, path), (item, key) =>
        encode(type[1], item, into(path, { key })),
      );
    case "object":
      return encodeObject(type, value, path);
  }
}

function encodePrimitive(type: Extract<CtyType, string>, value: Value, path: Path): unknown {
  switch (type) {
    case "dynamic":
      if (value instanceof Dynamic) return [typeToJson(value.type), encode(value.type, value.value, path)];
      throw misfit(type, path);
    case "number":
      return encodeNumber(value, path);
    case "string":
      if (typeof value === "string") return value;
      throw misfit(type, path);
    case "bool":
      if (typeof value === "boolean") return value;
      throw misfit(type, path);
  }
}

/** Digits for what 64 bits cannot hold exactly, as the host itself does. A double is sent as it is. */
function encodeNumber(value: Value, path: Path): number | string {
  if (!isNumber(value)) throw misfit("number", path);
  if (value instanceof Decimal) return value.text;
  if (typeof value === "bigint") return value.toString();
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value).toString() : value;
}

function encodeTuple(types: readonly CtyType[], items: readonly Value[], path: Path): unknown {
  if (items.length !== types.length) throw misfit(["tuple", types], path);
  return types.map((type, index) => encode(type, items[index], into(path, { index })));
}

function encodeObject([, attributes]: ObjectType, value: Value, path: Path): unknown {
  const given = asRecord<Value>(value, path);
  const extra = Object.keys(given).find((name) => !Object.hasOwn(attributes, name));
  if (extra !== undefined)
    throw new ValueError(`no attribute ${showPath(into(path, { attribute: extra }))}`, path);
  return mapRecord(attributes, (type, attribute) =>
    encode(type, given[attribute], into(path, { attribute })),
  );
}

function misfit(type: CtyType, path: Path): ValueError {
  return new ValueError(`${showPath(path)} has to be of type ${JSON.stringify(type)}`, path);
}
