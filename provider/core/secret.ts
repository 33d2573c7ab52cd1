const inspect = Symbol.for("nodejs.util.inspect.custom");

/** What every `Secret` prints as, wherever it is printed. */
export const REDACTED = "[secret]";

/**
 * Holds a string that must never be printed: in `console.log`, JSON, templates and stacks it is `[secret]`.
 * `reveal()` is the only way to the value, so that each use can be found by its name.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that sends or signs with it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect](): string {
    return REDACTED;
  }
}

/** The text without any of the secrets in it; values under 6 characters are left, since they would blank common words. */
export function redact(text: string, secrets: readonly Secret[]): string {
  return secrets
    .map((secret) => secret.reveal())
    .filter((value) => value.length >= 6)
    .reduce((rest, value) => rest.split(value).join(REDACTED), text);
}
