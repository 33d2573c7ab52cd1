import { into, type Path, type Step } from "./path";
import { type CtyType } from "./type";
import { Dynamic, type ObjectValue, UNKNOWN, type Value } from "./value";

/** Where the first unknown in a value is; undefined when all of it is known. */
export function firstUnknown(type: CtyType, value: Value, path: Path = []): Path | undefined {
  if (value === UNKNOWN) return path;
  if (value instanceof Dynamic) return firstUnknown(value.type, value.value, path);
  if (value === null || typeof type === "string") return undefined;
  for (const [itemType, item, step] of parts(type, value)) {
    const found = firstUnknown(itemType, item, into(path, step));
    if (found) return found;
  }
  return undefined;
}

type Part = readonly [CtyType, Value, Step];

function parts(type: Exclude<CtyType, string>, value: Value): readonly Part[] {
  switch (type[0]) {
    case "list":
    case "set":
      return (value as readonly Value[]).map((item, index) => [type[1], item, { index }]);
    case "tuple":
      return type[1].map((itemType, index) => [
        itemType,
        (value as readonly Value[])[index] ?? null,
        { index },
      ]);
    case "map":
      return Object.entries(value as ObjectValue).map(([key, item]) => [type[1], item, { key }]);
    case "object":
      return Object.entries(type[1]).map(([attribute, itemType]) => [
        itemType,
        (value as ObjectValue)[attribute] ?? null,
        { attribute },
      ]);
  }
}
