import type { Context } from "./context";
import { OptionError } from "./errors";
import { type OptionRef, say, type Text } from "./message";

/**
 * The context, with every request trusting the authorities of a file too. It is read at the first request.
 * @param from names the option or variable that named the file, in errors
 */
export function trusting(context: Context, file: string, from: Text | OptionRef): Context {
  let ca: Promise<string> | undefined;
  return {
    ...context,
    http: async (request) => {
      ca ??= readAuthorities(context, file, from).catch((error: unknown) => {
        // The file may be there at the next call.
        ca = undefined;
        throw error;
      });
      return context.http({ ...request, ca: await ca });
    },
  };
}

async function readAuthorities(context: Context, file: string, from: Text | OptionRef): Promise<string> {
  const fail = (problem: string): never => {
    throw new OptionError(say`the file of ${from}, ${file}, ${problem}.`, "caFile");
  };
  const text = await context.files.read(file).catch((error: NodeJS.ErrnoException) => {
    return fail(`cannot be read (${error.code ?? "unknown error"})`);
  });
  return /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.test(text)
    ? text
    : fail("has no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----");
}
