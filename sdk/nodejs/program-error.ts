import { YciamError } from "../../provider/core/errors";

/**
 * Runs the work and marks its failure as meant for the user: Pulumi then prints the message alone. Without the mark it
 * prints a stack and each property, and takes long to work that out. The error keeps its class and its code.
 */
export async function forProgram<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // What pulumi.RunError.isInstance looks for.
    if (error instanceof YciamError) Object.defineProperty(error, "__pulumiRunError", { value: true });
    throw error;
  }
}
