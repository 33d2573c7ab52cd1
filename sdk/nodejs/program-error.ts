import { inspect } from "node:util";
import { YciamError } from "../../provider/core/words/errors";

/**
 * The error, marked as meant for the user: Pulumi then prints the message alone. Without the mark it prints a stack and
 * each property, and takes long to work that out. The error keeps its class and its code.
 */
export function forProgram(error: unknown): unknown {
  if (error instanceof YciamError) {
    Object.defineProperties(error, {
      // What pulumi.RunError.isInstance looks for.
      __pulumiRunError: { value: true },
      // Pulumi inspects an error before it looks for that, with the rejected promise that it hangs on it and all that
      // Node hangs on a promise: the whole of Pulumi's own state, which takes a quarter of a minute.
      // Calls of one moment end with one error, which is then marked by each of them.
      [inspect.custom]: { value: () => error.stack, configurable: true },
    });
  }
  return error;
}
