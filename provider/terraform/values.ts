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

/** By type, what was read last: with `count`, a host sends the same configuration as often. */
const lastRead = new WeakMap<ObjectType, { readonly bytes: Uint8Array; readonly value: ObjectValue }>();

/**
 * Reads the configuration of a block, which is always an object. The same bytes again give the same object.
 *
 * @throws ValueError when it does not fit its type
 */
export function decodeObjectValue(type: ObjectType, wire: DynamicValue | undefined): ObjectValue {
  const bytes = wire?.msgpack ?? NOTHING;
  const last = lastRead.get(type);
  if (last !== undefined && Buffer.compare(last.bytes, bytes) === 0) return last.value;
  const value = decodeValue(type, wire);
  if (value === null || value === UNKNOWN) throw new ValueError("the configuration has to be an object", []);
  lastRead.set(type, { bytes, value: value as ObjectValue });
  return value as ObjectValue;
}

const NOTHING = new Uint8Array();

/**
 * Writes a value for the wire.
 *
 * @throws ValueError when it does not fit its type: the host would call that a defect of the provider too
 */
export function encodeValue(type: CtyType, value: Value): DynamicValue {
  return { msgpack: pack(conform(type, value)) };
}

const written = new WeakMap<ObjectValue, { readonly type: ObjectType; readonly wire: DynamicValue }>();

/**
 * Writes an object for the wire, the same object once.
 *
 * @throws ValueError as {@link encodeValue}
 */
export function encodeObjectValue(type: ObjectType, value: ObjectValue): DynamicValue {
  const known = written.get(value);
  if (known?.type === type) return known.wire;
  const wire = encodeValue(type, value);
  written.set(value, { type, wire });
  return wire;
}
