import type { Context } from "./context";
import { OptionError } from "./errors";
import { type OptionRef, say, type Text } from "./message";
import { shownPath } from "./secret";

/**
 * The context, with every request trusting the authorities of a file too. It is read at the first request.
 * @param from names the option or variable that named the file, in errors
 */
export function trusting(context: Context, file: string, from: Text | OptionRef): Context {
  let ca: Promise<string> | undefined;
  return {
    ...context,
    http: async (request) => {
      ca ??= readAuthorities({ context, file, from }, request.timeoutMs).catch((error: unknown) => {
        // The file may be there at the next call.
        ca = undefined;
        throw error;
      });
      return context.http({ ...request, ca: await ca });
    },
  };
}

interface Place {
  readonly context: Context;
  readonly file: string;
  readonly from: Text | OptionRef;
}

async function readAuthorities({ context, file, from }: Place, timeoutMs: number): Promise<string> {
  const fail = (problem: string): never => {
    throw new OptionError(say`the file of ${from}, ${shownPath(file)}, ${problem}.`, "caFile");
  };
  const text = await context.files.read(file, { timeoutMs }).catch((error: NodeJS.ErrnoException) => {
    return fail(`cannot be read (${error.code ?? "unknown error"})`);
  });
  return /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.test(text)
    ? text
    : fail("has no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----");
}
