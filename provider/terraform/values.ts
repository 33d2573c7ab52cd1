import { conform } from "./cty/conform";
import { pack, unpack } from "./cty/msgpack";
import { type CtyType, type ObjectType } from "./cty/type";
import { type ObjectValue, UNKNOWN, type Value, ValueError } from "./cty/value";
import { type DynamicValue } from "./generated/tfplugin6";

/**
 * Reads a value from the wire. Hosts send msgpack; JSON is only sent to upgrade a resource's state. Source: terraform
 * `internal/plugin6/grpc_provider.go`.
 *
 * @throws ValueError when it does not fit its type, or is JSON
 */
export function decodeValue(type: CtyType, wire: DynamicValue | undefined): Value {
  if (wire?.msgpack?.length) return conform(type, unpack(wire.msgpack));
  if (wire?.json?.length) throw new ValueError("the value has to be msgpack, and is JSON", []);
  return null;
}

/**
 * Reads the configuration of a block, which is always an object.
 *
 * @throws ValueError when it does not fit its type
 */
export function decodeObjectValue(type: ObjectType, wire: DynamicValue | undefined): ObjectValue {
  const value = decodeValue(type, wire);
  if (value === null || value === UNKNOWN) throw new ValueError("the configuration has to be an object", []);
  return value as ObjectValue;
}

/**
 * Writes a value for the wire.
 *
 * @throws ValueError when it does not fit its type: the host would call that a defect of the provider too
 */
export function encodeValue(type: CtyType, value: Value): DynamicValue {
  return { msgpack: pack(conform(type, value)) };
}
