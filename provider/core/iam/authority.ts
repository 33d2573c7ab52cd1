import { type Call, startCall } from "../token/call";
import type { Context } from "../context";
import { OptionError } from "../words/errors";
import { Flight } from "../token/flight";
import { say, type Text } from "../words/message";
import { shownPath } from "../words/secret";

/**
 * The context, with every request trusting the authorities of a file too. It is read at the first request.
 * @param from names the option or variable that named the file, in errors
 */
export function trusting(context: Context, file: string, from: Text): Context {
  const reading = new Flight<string>();
  let ca: string | undefined;
  return {
    ...context,
    http: async (request) => {
      const call = startCall(request.signal, request.timeoutMs);
      // The file may be there at the next call, so a failure is not kept.
      ca ??= await reading.join(call, (shared) => readAuthorities({ context, file, from }, shared));
      return context.http({ ...request, ca });
    },
  };
}

interface Place {
  readonly context: Context;
  readonly file: string;
  readonly from: Text;
}

async function readAuthorities({ context, file, from }: Place, { signal, remaining }: Call): Promise<string> {
  const fail = (problem: string): never => {
    throw new OptionError(say`the file of ${from}, ${shownPath(file)}, ${problem}.`, "caFile");
  };
  const limits = { signal, timeoutMs: remaining() };
  const text = await context.files.read(file, limits).catch((error: NodeJS.ErrnoException) => {
    return fail(`cannot be read (${error.code ?? "unknown error"})`);
  });
  return /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.test(text)
    ? text
    : fail("has no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----");
}
