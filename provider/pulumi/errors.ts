import { describeDefect } from "../core/words/defect";
import { type ErrorCode, YciamError } from "../core/words/errors";
import type { Spelling } from "../core/words/message";
import { Code, type StatusCode, StatusError } from "../grpc/status";
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
const STATUS: Readonly<Record<ErrorCode, StatusCode>> = {
  ERR_YCIAM_OPTION: Code.INVALID_ARGUMENT,
  ERR_YCIAM_CREDENTIAL: Code.UNAUTHENTICATED,
  ERR_YCIAM_NO_CREDENTIAL: Code.FAILED_PRECONDITION,
  ERR_YCIAM_SERVICE: Code.UNAVAILABLE,
  ERR_YCIAM_VALIDITY: Code.FAILED_PRECONDITION,
};

/**
 * Turns anything that was thrown into a status. An error that is not ours is a defect. Its message may quote a secret,
 * so the status tells its name and its place alone.
 * @param hint added to the message of our own errors
 */
export function toStatus(error: unknown, spelling: Spelling, hint = ""): StatusError {
  if (error instanceof StatusError) return error;
  if (error instanceof YciamError) {
    return new StatusError(STATUS[error.code], `${error.messageFor(spelling)}${hint}`);
  }
  return new StatusError(
    Code.INTERNAL,
    `An unexpected ${describeDefect(error)}. This is a defect of yciam: please report it.`,
  );
}

/**
 * Reports a mistake to the engine. The engine prints the value of the named property in clear. So a property is named
 * only when its value cannot be secret, neither by its kind nor because the user marked it.
 */
export function toFailure({ option, reason }: Mistake, news: Properties): Failure {
  const printable = isShown(option) && !(news[option] instanceof Sealed);
  return { property: option.includes(".") || printable ? option : "", reason };
}
