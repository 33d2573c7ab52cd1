import { describeDefect } from "../core/words/defect";
import { YciamError } from "../core/words/errors";
import { flagSpelling } from "./spelling";

/** What went wrong, in one message, with no secret in it. */
export function describeFailure(error: unknown): string {
  if (error instanceof YciamError) return error.messageFor(flagSpelling);
  return `an unexpected ${describeDefect(error)}. This is a defect of yciam, or of a resolver of your own: please report it.`;
}
