import { decode } from "./cty/decode";
import { encode } from "./cty/encode";
import { pack, unpack } from "./cty/msgpack";
import { type CtyType, type ObjectType } from "./cty/type";
import { type ObjectValue, type Value, ValueError } from "./cty/value";
import { type DynamicValue } from "./generated/tfplugin6";

/**
 * Reads a value from the wire. Hosts send msgpack, and JSON in a few older places.
 *
 * @throws ValueError when it does not fit its type
 */
export function decodeValue(type: CtyType, wire: DynamicValue | undefined): Value {
  if (wire?.msgpack?.length) return decode(type, unpack(wire.msgpack));
  if (wire?.json?.length) return decode(type, parseExact(Buffer.from(wire.json).toString("utf8")));
  return null;
}

/**
 * Reads the configuration of a block, which is always an object.
 *
 * @throws ValueError when it does not fit its type
 */
export function decodeObjectValue(type: ObjectType, wire: DynamicValue | undefined): ObjectValue {
  const value = decodeValue(type, wire);
  if (value === null) throw new ValueError("a configuration is required", []);
  return value as ObjectValue;
}

/**
 * Writes a value for the wire.
 *
 * @throws ValueError when it does not fit its type
 */
export function encodeValue(type: CtyType, value: Value): DynamicValue {
  return { msgpack: pack(encode(type, value)) };
}

/** JSON whose numbers keep all their digits: each becomes a string, which the type later turns into a number. */
function parseExact(json: string): unknown {
  const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
  return JSON.parse(json.replace(stringOrNumber, (token) => (token.startsWith('"') ? token : `"${token}"`)));
}
