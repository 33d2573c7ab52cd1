import { hasMark } from "./copies";
import {
  camelCaseSpelling,
  joinText,
  type Message,
  renderText,
  say,
  type Spelling,
  type Text,
} from "./message";

/** Every code that an error of this package can have; hosts map by it alone. */
export type ErrorCode =
  | "ERR_YCIAM_OPTION"
  | "ERR_YCIAM_CREDENTIAL"
  | "ERR_YCIAM_NO_CREDENTIAL"
  | "ERR_YCIAM_SERVICE"
  | "ERR_YCIAM_VALIDITY";

const MARK = Symbol.for("yciam.error");

/**
 * The base of all errors here. No error carries a `cause`: what lies beneath (a request, a key) may hold a secret.
 * A cancelled call rejects with its signal's own reason and not with one of these.
 */
export abstract class YciamError extends Error {
  abstract readonly code: ErrorCode;
  readonly #text: Text;

  constructor(text: Text) {
    super(renderText(text, camelCaseSpelling));
    this.#text = text;
  }

  /** `instanceof` holds for the errors of another copy of this package too; of a class there, by its code. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    if (!hasMark(value, MARK)) return false;
    return this === YciamError || ("code" in this && this.code === (value as YciamError).code);
  }

  get [MARK](): true {
    return true;
  }

  /** The message with its options still references: to be said again inside another message. */
  get text(): Text {
    return this.#text;
  }

  /** The message with options spelled as one host's users write them. */
  messageFor(spelling: Spelling): string {
    return renderText(this.#text, spelling);
  }
}

/** An option or a variable has a value that cannot be used. `option` is its path, such as `refreshAfter`. */
export class OptionError extends YciamError {
  static readonly code = "ERR_YCIAM_OPTION";
  override readonly name = "OptionError";
  readonly code = OptionError.code;

  constructor(
    text: Text,
    readonly option: string,
  ) {
    super(text);
  }
}

/** What a service said when it refused or failed; every field is safe to show. */
export interface ServiceReply {
  /** HTTP status. */
  readonly status?: number;
  /** gRPC code, such as 16 for UNAUTHENTICATED, where the body is a `google.rpc.Status`. */
  readonly iamCode?: number;
  /** `error` of a body of OAuth (RFC 6749), such as `invalid_grant`. */
  readonly oauthError?: string;
  /** The reply bore the header that only metadata services send. */
  readonly isMetadata?: boolean;
  /** The service's own message, redacted and at most 500 characters. */
  readonly serviceMessage?: string;
  /** `x-request-id` of the reply, for Yandex Cloud support. */
  readonly requestId?: string;
  /** The server's time when the error was made: its `Date` and the age of that. Milliseconds since the epoch. */
  readonly serverTime?: number;
}

/** A credential is there, but cannot be used: unreadable, of the wrong kind, or refused by IAM. */
export class CredentialError extends YciamError {
  static readonly code = "ERR_YCIAM_CREDENTIAL";
  override readonly name = "CredentialError";
  readonly code = CredentialError.code;

  constructor(
    text: Text,
    readonly option?: string,
    readonly reply: ServiceReply = {},
  ) {
    super(text);
  }
}

/**
 * How a service failed: no connection was made, one that was made broke, the time was up, an HTTP status, or a reply
 * that makes no sense.
 */
export type ServiceFailure = "unreachable" | "cut" | "timeout" | "status" | "reply";

/** A service could not be used: nothing is wrong with the credential as far as is known. */
export class ServiceError extends YciamError {
  static readonly code = "ERR_YCIAM_SERVICE";
  override readonly name = "ServiceError";
  readonly code = ServiceError.code;

  constructor(
    text: Text,
    readonly failure: ServiceFailure,
    readonly reply: ServiceReply = {},
  ) {
    super(text);
  }
}

/** A token was had, but lives shorter than `minRemainingValidity`. */
export class ValidityError extends YciamError {
  static readonly code = "ERR_YCIAM_VALIDITY";
  override readonly name = "ValidityError";
  readonly code = ValidityError.code;
}

/** Why one resolver gave no token, and what would change that. */
export interface Refusal {
  readonly resolver: string;
  readonly reason: Text;
  readonly remedy: Text;
}

/** No resolver had a credential; `refusals` has every reason and remedy, in the order tried. */
export class NoCredentialError extends YciamError {
  static readonly code = "ERR_YCIAM_NO_CREDENTIAL";
  override readonly name = "NoCredentialError";
  readonly code = NoCredentialError.code;

  constructor(readonly refusals: readonly Refusal[]) {
    super(noCredentialText(refusals));
  }
}

function noCredentialText(refusals: readonly Refusal[]): Message {
  const rows = refusals.map((row) => say`  ${row.resolver}: ${row.reason}. To use it: ${row.remedy}.`);
  const heading =
    refusals.length === 1
      ? "The resolver asked for has no credential:"
      : "No credential was found. Tried, in this order:";
  return joinText([heading, ...rows], "\n");
}
