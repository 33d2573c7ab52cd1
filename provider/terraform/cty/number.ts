/**
 * A number of cty, kept exact: a safe integer or a binary fraction as `number`, a larger integer as `bigint`, and a
 * decimal fraction that binary cannot hold as {@link Decimal}.
 */
export type CtyNumber = number | bigint | Decimal;

/** A decimal fraction, kept as the host wrote it: 0.1 read as a double and sent back is another number to it. */
export class Decimal {
  /** @throws TypeError when the text is no decimal number */
  constructor(readonly text: string) {
    if (!DECIMAL.test(text)) throw new TypeError("not a decimal number");
  }
}

const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const INTEGER = /^-?\d+$/;

/**
 * A number from its digits. The host sends digits for all that is neither a 64-bit integer nor an exact double.
 *
 * @throws TypeError when the text is no number
 */
export function parseNumber(text: string): CtyNumber {
  return INTEGER.test(text) ? smallest(BigInt(text)) : new Decimal(text);
}

/** An integer as `number` where that is exact. */
export function smallest(integer: bigint): number | bigint {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

/** The nearest double. */
export function toNumber(value: CtyNumber): number {
  return Number(value instanceof Decimal ? value.text : value);
}

/** Whether a value is a number of cty. NaN is none. */
export function isNumber(value: unknown): value is CtyNumber {
  if (typeof value === "number") return !Number.isNaN(value);
  return typeof value === "bigint" || value instanceof Decimal;
}
