import { status } from "@grpc/grpc-js";
import { describeDefect } from "../core/words/defect";
import { type ErrorCode, YciamError } from "../core/words/errors";
import type { Spelling } from "../core/words/message";
import type { Mistake } from "../inputs";
import { isShown } from "../rows";
import { type Properties, Sealed } from "./values";

/** One property that cannot be used, as Pulumi reports it. */
export interface Failure {
  /** Path of the property; empty where the engine would print a value that may be secret, or there is none. */
  readonly property: string;
  readonly reason: string;
}

/** Which status each of our errors becomes. */
const STATUS: Readonly<Record<ErrorCode, status>> = {
  ERR_YCIAM_OPTION: status.INVALID_ARGUMENT,
  ERR_YCIAM_CREDENTIAL: status.UNAUTHENTICATED,
  ERR_YCIAM_NO_CREDENTIAL: status.FAILED_PRECONDITION,
  ERR_YCIAM_SERVICE: status.UNAVAILABLE,
  ERR_YCIAM_VALIDITY: status.FAILED_PRECONDITION,
};

/** Ends a call with a gRPC status; the message is shown to the user. */
export class StatusError extends Error {
  override readonly name = "StatusError";

  constructor(
    readonly code: status,
    readonly details: string,
  ) {
    super(details);
  }
}

/**
 * The status of anything thrown. What is none of our errors is a defect: its message may quote a secret, so only its
 * name and where it came from are told.
 * @param signal the call's own: once it is aborted, whatever was thrown is a consequence of that
 * @param hint added to the message of our own errors
 */
export function toStatus(error: unknown, spelling: Spelling, signal?: AbortSignal, hint = ""): StatusError {
  if (error instanceof StatusError) return error;
  if (signal?.aborted) return new StatusError(status.CANCELLED, "the operation was cancelled");
  if (error instanceof YciamError) {
    return new StatusError(STATUS[error.code], `${error.messageFor(spelling)}${hint}`);
  }
  return new StatusError(
    status.INTERNAL,
    `An unexpected ${describeDefect(error)}. This is a defect of yciam: please report it.`,
  );
}

/**
 * A mistake as the engine reports it. The engine prints the value of the property that is named, in clear: none is named
 * whose value may be secret, by its kind or because the user marked it.
 */
export function toFailure({ option, reason }: Mistake, news: Properties): Failure {
  const printable = isShown(option) && !(news[option] instanceof Sealed);
  return { property: option.includes(".") || printable ? option : "", reason };
}
