import { type Readable } from "node:stream";
import { Code, StatusError, toStatus } from "./status";

/** Largest message taken or given, in bytes; the same as in terraform-plugin-go. */
export const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

const PREFIX_BYTES = 5;

/**
 * Reads the one message of a unary call. Source: grpc/grpc `doc/PROTOCOL-HTTP2.md`, Length-Prefixed-Message.
 *
 * @param aborted rejects with a StatusError when nobody waits for the message any more
 * @throws StatusError when it is too large, compressed, cut short, or not alone, and when `aborted` rejects
 */
export async function readMessage(
  stream: Readable,
  aborted: Promise<never>,
  limit = MAX_MESSAGE_BYTES,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let received = 0;
  // By events: an iterator takes a tenth of the time that a call takes.
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: StatusError) => {
      stream.off("data", take);
      chunks.length = 0;
      reject(error);
    };
    const take = (chunk: Buffer) => {
      const isFirst = received < PREFIX_BYTES;
      received += chunk.length;
      chunks.push(chunk);
      try {
        // A message that is too large is refused before it has arrived.
        if (isFirst && received >= PREFIX_BYTES) readPrefix(Buffer.concat(chunks), limit);
        assertWithin(limit, received - PREFIX_BYTES);
      } catch (error) {
        refuse(toStatus(error));
      }
    };
    aborted.catch(refuse);
    stream.on("data", take);
    const gone = () => reject(new StatusError(Code.CANCELLED, "the call was cancelled"));
    stream.once("close", gone);
    stream.once("error", reject);
    stream.once("end", () => {
      stream.off("close", gone);
      resolve();
    });
  });
  return unframe(Buffer.concat(chunks, received), limit);
}

/**
 * Puts the length prefix before a message.
 *
 * @throws StatusError when it is larger than the limit
 */
export function frame(message: Uint8Array, limit = MAX_MESSAGE_BYTES): Buffer {
  assertWithin(limit, message.length);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function unframe(bytes: Buffer, limit: number): Buffer {
  if (bytes.length < PREFIX_BYTES)
    throw new StatusError(Code.INTERNAL, "the request ended before its message");
  const length = readPrefix(bytes, limit);
  if (bytes.length !== PREFIX_BYTES + length) {
    throw new StatusError(
      Code.INTERNAL,
      `expected one message of ${length} bytes, got ${bytes.length - PREFIX_BYTES}`,
    );
  }
  return bytes.subarray(PREFIX_BYTES);
}

/** The length of the message that follows. */
function readPrefix(bytes: Buffer, limit: number): number {
  if (bytes[0] !== 0) throw new StatusError(Code.UNIMPLEMENTED, "compressed messages are not supported");
  const length = bytes.readUInt32BE(1);
  assertWithin(limit, length);
  return length;
}

function assertWithin(limit: number, size: number): void {
  if (size <= limit) return;
  throw new StatusError(Code.RESOURCE_EXHAUSTED, `a message of ${size} bytes is over the limit of ${limit}`);
}
