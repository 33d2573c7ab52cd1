import { type OutputSpec, type OutputSpecs } from "../../core/token/result";
import { Secret } from "../../core/words/secret";
import { type CtyType } from "../cty/type";
import { type ObjectValue, type Value } from "../cty/value";
import { type Attribute, output } from "../schema";
import { snakeCase } from "./names";

/**
 * The attributes that hold an answer, made from the rows of its fields.
 *
 * @param types types of the fields that are not text
 */
export function outputsOf(
  rows: OutputSpecs,
  types: Readonly<Record<string, CtyType>> = {},
): readonly Attribute[] {
  return Object.entries(rows).map(([name, { doc, secret = false }]) =>
    output({
      name: snakeCase(name),
      type: types[name] ?? "string",
      sensitive: secret,
      description: withNull(doc),
    }),
  );
}

/** Some of the rows. */
export function pickRows(rows: OutputSpecs, wanted: (name: string, row: OutputSpec) => boolean): OutputSpecs {
  return Object.fromEntries(Object.entries(rows).filter(([name, row]) => wanted(name, row)));
}

/** An answer as the values of {@link outputsOf}. From here on the host keeps the secrets. */
export function valuesOf(rows: OutputSpecs, answer: Readonly<Record<string, unknown>>): ObjectValue {
  const fields = Object.keys(rows).map((name) => [snakeCase(name), toValue(answer[name])] as const);
  return Object.fromEntries(fields);
}

/** A field that is absent is null in Terraform. */
function withNull(doc: string): string {
  return doc.replace(/\bAbsent\b/, "Null");
}

function toValue(field: unknown): Value {
  return field instanceof Secret ? field.reveal() : (field ?? null);
}
