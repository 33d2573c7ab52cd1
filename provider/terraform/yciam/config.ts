import type { AppConfig } from "../../app";
import { isObject } from "../../core/words/json";
import { type ObjectValue, UNKNOWN, type Value } from "../cty/value";
import { camelCase } from "./names";

/** Attributes as options of the app. What is null, or not known yet, is left out. */
export function toConfig(values: ObjectValue): AppConfig {
  const known = Object.entries(values).filter(([, value]) => isKnown(value));
  const options = known.map(([name, value]) => [camelCase(name), toOption(value)] as const);
  // An empty resolver is a choice of it. An empty impersonation is none, and must not take the provider's place.
  return Object.fromEntries(
    options.filter(([name, value]) => name !== "impersonate" || !isEmptyObject(value)),
  );
}

function isEmptyObject(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

/** A list with an element that is not known is not known itself; of an object, each attribute counts alone. */
function isKnown(value: Value): boolean {
  return value !== null && value !== UNKNOWN && !(Array.isArray(value) && value.includes(UNKNOWN));
}

function toOption(value: Value): unknown {
  return typeof value === "object" && !Array.isArray(value) ? toConfig(value as ObjectValue) : value;
}
