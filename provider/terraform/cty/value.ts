import { type CtyNumber } from "./number";
import { type Path } from "./path";
import { type CtyType } from "./type";

/** A value the host does not know yet. What it may know about it (refinements) is not read. */
export class Unknown {
  private constructor() {}
  /** The only one. */
  static readonly value = new Unknown();
}

/** The unknown value, of any type. */
export const UNKNOWN = Unknown.value;

/** A value in a place of type "dynamic", with the type it turned out to have. */
export class Dynamic {
  constructor(
    readonly type: CtyType,
    readonly value: Value,
  ) {}
}

/** A value of cty. Lists, sets and tuples are arrays; maps and objects are records. */
export type Value = null | Unknown | string | boolean | CtyNumber | Dynamic | readonly Value[] | ObjectValue;

/** An object or a map. */
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
