import { Transform, type Readable, type Writable } from "node:stream";
import { Masking, type Secrets } from "../../handout/mask";

/** What a program left behind may hold its output open. The program's own is all there after this time. Milliseconds. */
const REST_MS = 1000;

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
  const ended = new Promise<void>((done) => masked.once("close", done));
  // A reader that has seen enough, such as `head`, ends the program at its next word, as it does without us.
  to.on("error", () => [from, masked].forEach((stream) => stream.destroy()));
  from.pipe(masked).pipe(to, { end: false });
  return async () => {
    const left = setTimeout(() => {
      // A slow reader has not got all of it yet.
      if (to.writableLength > 0) return void left.refresh();
      from.unpipe(masked);
      masked.end();
    }, REST_MS);
    await ended;
    clearTimeout(left);
    from.destroy();
  };
}
