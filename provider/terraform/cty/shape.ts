import { type Path } from "./path";
import { isRecord } from "./type";
import { ValueError } from "./value";

/** @throws ValueError when it is no array */
export function asArray<T>(raw: T | readonly T[], path: Path): readonly T[] {
  if (Array.isArray(raw)) return raw as readonly T[];
  throw new ValueError("a list is required", path);
}

/** @throws ValueError when it is no plain record */
export function asRecord<T>(raw: T | Readonly<Record<string, T>>, path: Path): Readonly<Record<string, T>> {
  if (isRecord(raw)) return raw;
  throw new ValueError("an object is required", path);
}

/**
 * @returns a record of the same names; built from entries, so that a map may even have the key "__proto__"
 */
export function mapRecord<T, U>(
  record: Readonly<Record<string, T>>,
  change: (item: T, name: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, item]) => [name, change(item, name)]));
}
