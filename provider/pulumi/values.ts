import { REDACTED, Secret } from "../core/words/secret";
import { type Input, type Inputs, UNKNOWN } from "../inputs";

// Signatures and sentinels of Pulumi's wire format. Source: pulumi sdk/go/common/resource/sig, .../plugin/rpc.go.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWN_TEXTS: readonly unknown[] = [
  UNKNOWN_TEXT,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

const inspect = Symbol.for("nodejs.util.inspect.custom");

/** A value that Pulumi marked as secret, whatever its type. It prints as `[secret]`. */
export class Sealed {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  /** The value without its mark. */
  open(): Value {
    return this.#value;
  }

  toJSON(): string {
    return REDACTED;
  }

  toString(): string {
    return REDACTED;
  }

  [inspect](): string {
    return REDACTED;
  }
}

/** A property's value as this host works with it. */
export type Value =
  null | boolean | number | string | typeof UNKNOWN | Sealed | readonly Value[] | Properties;

/** Properties by name: the inputs or the outputs of a resource, a provider or a function. */
export interface Properties {
  readonly [name: string]: Value;
}

/** Properties as they travel: JSON, in which secrets and the like are objects with a signature. */
export type Wire = Readonly<Record<string, unknown>>;

/** Reads properties from the wire; absent ones are none. */
export function decodeProperties(wire: Wire = {}): Properties {
  return fromWire(wire) as Properties;
}

/** Reads one value that was JSON on the wire. */
export function fromWire(value: unknown): Value {
  if (UNKNOWN_TEXTS.includes(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(fromWire);
  if (typeof value !== "object" || value === null) return value as Value;
  const { [SIGNATURE]: signature, value: inner, secret } = value as Record<string, unknown>;
  if (signature === SECRET) return seal(fromWire(inner));
  if (signature !== OUTPUT) return mapValues(value, fromWire);
  const known = inner === undefined ? UNKNOWN : fromWire(inner);
  return secret === true ? seal(known) : known;
}

/** Writes properties for the wire; what is undefined is left out, and both kinds of secrets get Pulumi's signature. */
export function encodeProperties(properties: object): Wire {
  return mapValues(properties, toWire);
}

function toWire(value: unknown): unknown {
  if (value === UNKNOWN) return UNKNOWN_TEXT;
  if (value instanceof Secret) return { [SIGNATURE]: SECRET, value: value.reveal() };
  if (value instanceof Sealed) return { [SIGNATURE]: SECRET, value: toWire(value.open()) };
  if (Array.isArray(value)) return value.map(toWire);
  return typeof value === "object" && value !== null ? mapValues(value, toWire) : value;
}

/** Marks a value as secret; once is enough. */
export function seal(value: Value): Sealed {
  return value instanceof Sealed ? value : new Sealed(value);
}

/** The value with no mark on it or in it. */
export function open(value: Value): Input {
  if (value instanceof Sealed) return open(value.open());
  if (Array.isArray(value)) return (value as readonly Value[]).map(open);
  return isProperties(value) ? openAll(value) : (value as Input);
}

/** Properties with no marks on them or in them. */
export function openAll(properties: Properties): Inputs {
  return mapValues(properties, (value) => open(value as Value));
}

/** Whether the value has properties of its own. */
export function isProperties(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Sealed);
}

function mapValues<T>(object: object, map: (value: unknown) => T): Record<string, T> {
  const set = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.map(([name, value]): [string, T] => [name, map(value)]));
}
