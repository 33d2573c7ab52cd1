import type { AppConfig } from "../../app";
import { type ObjectValue, UNKNOWN, type Value } from "../cty/value";
import { camelCase } from "./names";

/** A block's values as options of the app. What is null, or not known yet, is left out. */
export function toConfig(values: ObjectValue): AppConfig {
  const known = Object.entries(values).filter(([, value]) => isKnown(value));
  return Object.fromEntries(known.map(([name, value]) => [camelCase(name), toOption(value)]));
}

/** A list counts as unknown when one of its elements is. In a block, each attribute counts alone. */
function isKnown(value: Value): boolean {
  return value !== null && value !== UNKNOWN && !(Array.isArray(value) && value.includes(UNKNOWN));
}

function toOption(value: Value): unknown {
  return typeof value === "object" && !Array.isArray(value) ? toConfig(value as ObjectValue) : value;
}
