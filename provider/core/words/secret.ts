import { hasMark } from "./copies";

const inspect = Symbol.for("nodejs.util.inspect.custom");

/** What every `Secret` prints as, wherever it is printed. */
export const REDACTED = "[secret]";

const MARK = Symbol.for("yciam.secret");

/**
 * Holds a string that must never be printed: in `console.log`, JSON, templates and stacks it is `[secret]`.
 * `reveal()` is the only way to the value, so that each use can be found by its name.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** `instanceof` holds for the secrets of another copy of this package too. */
  static [Symbol.hasInstance](value: unknown): boolean {
    return hasMark(value, MARK);
  }

  get [MARK](): true {
    return true;
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

// The shapes of IAM tokens, JWTs, OAuth tokens, session cookies, sessions of yc, secrets of access keys, tokens of Vault and private keys
// (iam-facts, sections 3, 4 and 9), and whatever stands behind `Bearer`. In a URL the character before one may be encoded. None
// begins in the midst of a word: to try that at each hyphen would take a time that grows with the square of a text.
const TOKEN_SHAPES =
  /(?:(?<![-\w])|(?<=%[0-9A-Fa-f]{2}))(?:t1\.[-\w=]+\.[-\w=]+|eyJ[-\w]+\.[-\w]+(?:\.[-\w]+)?|y[0-3]_[-\w]{20,}|[cs]1\.[-\w=.]{20,}|yctk[-\w.]{16,}|YC[-\w]{38,41}(?![-\w])|hvs\.[-\w]{8,})|(?<=\bBearer )\S+|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*/g;

/** The text without what looks like a token or a key: for what other programs say, who may print anything. */
export function hideTokens(text: string): string {
  return text.replace(TOKEN_SHAPES, REDACTED);
}

/** What others say on one line: it must not forge lines of a log. */
export function oneLine(text: string): string {
  return withoutControls(text.replace(/\s+/g, " ")).trim();
}

/** The text without control characters and those that turn or hide text: it reads as it is written. */
export function withoutControls(text: string): string {
  // Most texts are plain, and to look every character up in the tables of Unicode takes long.
  return /^[ -~]*$/.test(text) ? text : text.replace(/\p{C}/gu, "");
}

/** A path that someone wrote, for a message; what looks like no path may be a key or a token in the wrong place. */
export function shownPath(path: string): string {
  const isBlob = (part: string) =>
    /^[\w+/=-]{32,}$/.test(part) && /[A-Z]/.test(part) && /[a-z]/.test(part) && /\d/.test(part);
  // A slash is a character of Base64 too: it divides what begins like a path.
  const parts = /^(?:[/~.\\]|[A-Za-z]:)/.test(path) ? path.split(/[/\\]/) : [path];
  const isPath = path.length <= 300 && !/\p{C}/u.test(path) && !parts.some(isBlob);
  return isPath ? path : "something that is no path";
}

/** A name that someone wrote, for a message; what looks like no name may be a secret in the wrong place. */
export function shownName(name: string): string {
  return /^[\w.-]{1,40}$/.test(name) ? JSON.stringify(name) : "something that is no name";
}
