import { describeDefect } from "../core/words/defect";
import { YciamError } from "../core/words/errors";
import type { Spelling } from "../core/words/message";
import { flagSpelling } from "./spelling";

/** What went wrong, in one message, with no secret in it. */
export function describeFailure(error: unknown, spelling: Spelling = flagSpelling): string {
  if (error instanceof YciamError) return error.messageFor(spelling);
  return `an unexpected ${describeDefect(error)}. This is a defect of yciam, or of a resolver of your own: please report it.`;
}
