import { isObject } from "../../core/words/json";
import { type Path, showPath } from "./path";
import { type CtyType, type ObjectType } from "./type";
import { type ObjectValue, UNKNOWN, type Value, ValueError } from "./value";

/** Where a value is. Nobody asks unless it is wrong, and a host may send thousands that are right. */
type PathTo = () => Path;

/**
 * Checks a value against its type, both when it is read and when it is written. An object gets every attribute of its
 * type; one that is missing is null.
 *
 * @throws ValueError when it does not fit
 */
export function conform(type: CtyType, raw: unknown, path: PathTo = () => []): Value {
  if (raw === UNKNOWN) return UNKNOWN;
  if (raw === null || raw === undefined) return null;
  if (typeof type === "string") return conformPrimitive(type, raw, path);
  if (type[0] === "object") return conformObject(type, raw, path);
  if (!Array.isArray(raw)) throw misfit("a list", path);
  return raw.map((item, index) => conform(type[1], item, () => [...path(), { index }]));
}

function conformPrimitive(type: "string" | "number" | "bool", raw: unknown, path: PathTo): Value {
  if (type === "number") return conformNumber(raw, path);
  if (typeof raw === (type === "bool" ? "boolean" : type)) return raw as string | boolean;
  throw misfit(type === "bool" ? "true or false" : "a string", path);
}

/**
 * The host sends digits where a double is not exact, as for 0.1. The nearest double is enough: no block here gives a
 * number back to the host, and each option checks its number itself.
 */
function conformNumber(raw: unknown, path: PathTo): number {
  if (typeof raw === "number" && !Number.isNaN(raw)) return raw;
  if (typeof raw === "string" && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(raw)) return Number(raw);
  throw misfit("a number", path);
}

function conformObject([, attributes]: ObjectType, raw: unknown, path: PathTo): ObjectValue {
  if (!isObject(raw)) throw misfit("an object", path);
  const extra = Object.keys(raw).find((name) => !Object.hasOwn(attributes, name));
  if (extra !== undefined) throw misfit(`without ${JSON.stringify(extra)}`, path);
  const value: Record<string, Value> = {};
  for (const [attribute, type] of Object.entries(attributes))
    value[attribute] = conform(type, raw[attribute], () => [...path(), { attribute }]);
  return value;
}

function misfit(wanted: string, pathTo: PathTo): ValueError {
  const path = pathTo();
  return new ValueError(`${showPath(path) || "the value"} has to be ${wanted}`, path);
}
