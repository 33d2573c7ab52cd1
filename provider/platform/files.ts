import { closeSync, constants, createReadStream, fstatSync, openSync, readSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { addAbortSignal, type Readable } from "node:stream";
import type { Files, ReadLimits } from "../core/context";

/** A file that holds a credential is never larger; in bytes. */
const MAX_FILE_BYTES = 1024 * 1024;

// Without NONBLOCK, opening a pipe waits for its other end, in a thread that nothing can stop. Windows has no such flag.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Files of the real disk, `~` expanded; at most 1 MiB, of devices and pipes too. A byte order mark is left out. */
export function createFiles(home: string): Files {
  const pipes: Pipes = new Map();
  return {
    read: async (path, limits = {}) => {
      limits.signal?.throwIfAborted();
      const expanded = path === "~" || path.startsWith("~/") ? join(home, path.slice(2)) : path;
      const isKnown = pipes.has(expanded);
      const bytes = await (isKnown ? readKnownPipe : readAnew)(pipes, expanded, limits);
      return bytes.toString("utf8").replace(/^\uFEFF/, "");
    },
  };
}

/** What each pipe gave, or is giving, by its path. It is shared, since two readers would each get a part. */
type Pipes = Map<string, Promise<Buffer>>;

async function readKnownPipe(pipes: Pipes, path: string, limits: ReadLimits): Promise<Buffer> {
  const end = endOf(limits);
  const ended = new Promise<undefined>((leave) => end.addEventListener("abort", () => leave(undefined)));
  for (let known = pipes.get(path); known !== undefined; known = pipes.get(path)) {
    const bytes = await Promise.race([known.catch(() => undefined), ended]);
    if (bytes !== undefined) return bytes;
    if (end.aborted) throw endError(limits);
  }
  // Whoever read it gave up.
  return readAnew(pipes, path, limits);
}

/**
 * A plain file is read with synchronous calls: open, fstat, read and close together take a few microseconds, while one
 * turn through Node's thread pool takes longer than everything else in a call that is served from memory. Pipes and
 * devices are read as streams, since they may keep the reader waiting.
 */
async function readAnew(pipes: Pipes, path: string, limits: ReadLimits): Promise<Buffer> {
  const fd = openSync(path, READ_FLAGS);
  const stats = fstatSync(fd);
  if (stats.isFile()) return readPlain(fd, stats.size);
  if (!stats.isFIFO()) return readStream(createReadStream("", { fd, end: MAX_FILE_BYTES }), limits);
  // A pipe, such as `<(...)` of a shell, is waited for as a socket is.
  const reading = readStream(new Socket({ fd, readable: true, writable: false }), limits);
  pipes.set(path, reading);
  return reading.catch((error: unknown) => {
    pipes.delete(path);
    throw error;
  });
}

function readPlain(fd: number, size: number): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  try {
    for (;;) {
      if (Math.max(total, size) > MAX_FILE_BYTES) throw withCode("EFBIG");
      // Files of /proc have the size 0, whatever is in them.
      const chunk = Buffer.allocUnsafe(size === 0 ? 64 * 1024 : size - total);
      const count = readSync(fd, chunk);
      chunks.push(chunk.subarray(0, count));
      total += count;
      if (count === 0 || total === size) return Buffer.concat(chunks);
    }
  } finally {
    closeSync(fd);
  }
}

/** Reads to the end; the stream closes the file. */
async function readStream(stream: Readable, limits: ReadLimits): Promise<Buffer> {
  const end = endOf(limits);
  addAbortSignal(end, stream);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_FILE_BYTES) throw withCode("EFBIG");
      chunks.push(chunk);
    }
  } catch (error) {
    throw end.aborted ? endError(limits) : error;
  }
  return Buffer.concat(chunks);
}

function endOf({ signal, timeoutMs }: ReadLimits): AbortSignal {
  const ends = [signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(Math.ceil(timeoutMs))];
  return AbortSignal.any(ends.filter((end) => end !== undefined));
}

/** What a read ends with when it was not allowed to go on. */
function endError({ signal }: ReadLimits): Error {
  return signal?.aborted === true ? (signal.reason as Error) : withCode("ETIMEDOUT");
}

function withCode(code: string): Error {
  return Object.assign(new Error("the file cannot be read"), { code });
}
