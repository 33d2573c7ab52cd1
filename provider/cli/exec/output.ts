import { Transform, type Readable, type Writable } from "node:stream";
import { Masking, type Secrets } from "../../handout/mask";

/** What a program left behind may hold its output open: it is waited for while something comes. Milliseconds. */
const SILENCE_MS = 1000;

/**
 * Passes output of a program on, without the secrets in it.
 * @returns waits for the rest of it, once the program has ended
 */
export function passOn(from: Readable, to: Writable, secrets: Secrets): () => Promise<void> {
  const masking = new Masking(secrets);
  // A byte is a character: a piece may end within one of UTF-8.
  const bytes = (text: string) => Buffer.from(text, "latin1");
  const masked = new Transform({
    transform: (piece: Buffer, _, done) => done(null, bytes(masking.push(piece.toString("latin1")))),
    flush: (done) => done(null, bytes(masking.end())),
  });
  const ended = new Promise<void>((done) => masked.once("end", done));
  from.pipe(masked).pipe(to, { end: false });
  return async () => {
    const left = setTimeout(() => masked.end(), SILENCE_MS);
    from.on("data", () => left.refresh());
    await ended;
    clearTimeout(left);
    from.destroy();
  };
}
