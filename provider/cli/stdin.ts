import type { Readable } from "node:stream";
import { OptionError } from "../core/words/errors";

/**
 * Reads a stream to its end, once, and opens it only then; ends early when the signal aborts.
 * @throws OptionError at the second call: there is nothing left for it
 */
export function readStdin(open: () => Readable, signal: AbortSignal): () => Promise<string> {
  let isRead = false;
  return async () => {
    if (isRead)
      throw new OptionError("standard input can be read once: give `-` for one option alone.", "stdin");
    isRead = true;
    const stream = open();
    const { text } = await import("node:stream/consumers");
    const stop = () => stream.destroy(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await text(stream);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  };
}
