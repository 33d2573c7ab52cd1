import { isIP } from "node:net";
import { OptionError } from "../../core/words/errors";
import type { Answering } from "../../handout/answer";
import { listen, type Listening, type Place } from "./listen";

/**
 * Reads `host:port`, such as `127.0.0.1:8080`, `[::1]:0` or `localhost:80`.
 * @param flag what it was given to
 * @throws OptionError for anything else; a name could mean another address tomorrow
 */
export function readPlace(text: string, flag: string): Place {
  const [, inBrackets, plain, port] = /^(?:\[([\da-f:.]+)\]|([\w.]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = plain === "localhost" ? "127.0.0.1" : (inBrackets ?? plain ?? "");
  if (isIP(host) !== 0 && Number(port) <= 65535) return { host, port: Number(port) };
  throw new OptionError(`--${flag} must be an address and a port, such as 127.0.0.1:8080 or [::1]:0.`, flag);
}

/** Whether this machine alone can reach an address. */
export function isLoopback(host: string): boolean {
  return /^(?:127\.|::1$)/.test(host);
}

/**
 * Starts a server at a place that a flag names.
 * @throws OptionError when the system refuses it
 */
export async function listenAt(answering: Answering, place: Place, flag: string): Promise<Listening> {
  try {
    return await listen(answering, place);
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    const isTaken = code === "EADDRINUSE";
    throw new OptionError(
      `--${flag}: the system does not let a server listen at ${place.host}:${place.port} (${code}). ${
        isTaken
          ? "Another program does: choose another port, or 0 for a free one."
          : "Choose another address or port."
      }`,
      flag,
    );
  }
}
