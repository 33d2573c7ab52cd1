import { inspect } from "node:util";

/**
 * All that can be printed of a value, as one text: `util.inspect` with everything hidden shown, JSON, `String`, a
 * template, and for errors the stack and each own property. A secret must be in none of it.
 */
export function everyText(value: unknown): string {
  const parts = [
    inspect(value, {
      depth: Infinity,
      showHidden: true,
      showProxy: true,
      maxStringLength: null,
      maxArrayLength: null,
    }),
    inspect(value, { depth: Infinity, customInspect: false, showHidden: true, getters: true }),
    JSON.stringify(value) ?? "",
    String(value),
    `${value as string}`,
    ...(value instanceof Error ? [value.stack ?? "", value.message, ...ownTexts(value)] : []),
  ];
  return parts.join("\n");
}

/** Own properties, those that are not enumerable too. */
function ownTexts(value: object): readonly string[] {
  return Reflect.ownKeys(value).map((key) =>
    inspect(Reflect.get(value, key), { depth: Infinity, showHidden: true }),
  );
}
