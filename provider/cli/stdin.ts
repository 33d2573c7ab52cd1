import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { OptionError } from "../core/words/errors";

/**
 * Reads a stream to its end, once; ends early when the signal aborts.
 * @throws OptionError at the second call: there is nothing left for it
 */
export function readStdin(stream: Readable, signal: AbortSignal): () => Promise<string> {
  let isRead = false;
  return async () => {
    if (isRead)
      throw new OptionError("standard input can be read once: give `-` for one option alone.", "stdin");
    isRead = true;
    const stop = () => stream.destroy(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await text(stream);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  };
}
