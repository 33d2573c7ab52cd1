import { type Path } from "./path";

/** A value the host does not know yet. What it may know about it (refinements) is not read. */
export class Unknown {
  private constructor() {}
  /** The only one. */
  static readonly value = new Unknown();
}

/** The unknown value, of any type. */
export const UNKNOWN = Unknown.value;

/** A value of cty: a list is an array, an object a record. */
export type Value = null | Unknown | string | boolean | number | readonly Value[] | ObjectValue;

/** An object. */
export interface ObjectValue {
  readonly [name: string]: Value;
}

/** A value that does not fit its type, with the place where. */
export class ValueError extends TypeError {
  override readonly name = "ValueError";

  constructor(
    message: string,
    readonly path: Path,
  ) {
    super(message);
  }
}

/** Where the first unknown in a value is; undefined when all of it is known. */
export function firstUnknown(value: Value): Path | undefined {
  if (value === UNKNOWN) return [];
  if (value === null || typeof value !== "object") return undefined;
  for (const [name, item] of Object.entries(value) as [string, Value][]) {
    const rest = firstUnknown(item);
    if (rest) return [Array.isArray(value) ? { index: Number(name) } : { attribute: name }, ...rest];
  }
  return undefined;
}
