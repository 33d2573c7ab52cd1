import { closeSync, constants, createReadStream, fstatSync, openSync, readSync, statSync } from "node:fs";
import type { Files, ReadLimits } from "../core/context";

/** A file that holds a credential is never larger; in bytes. */
const MAX_FILE_BYTES = 1024 * 1024;

/** What Node's timers can count to, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

// Without NONBLOCK, opening a pipe waits for its other end, in a thread that nothing can stop. Windows has no such flag.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

const HOME = /^~(?=\/|$)/;

/** Files of the real disk, `~` expanded; at most 1 MiB, of devices and pipes too. A byte order mark is left out. */
export function createFiles(home: string): Files {
  const pipes: Pipes = new Map();
  // A dollar sign has a meaning where texts are replaced.
  const start = home.replaceAll("$", "$$$$");
  return {
    read: async (path, limits = {}) => {
      limits.signal?.throwIfAborted();
      const bytes = await readBytes(pipes, path.replace(HOME, start), limits);
      return bytes.toString("utf8").replace(/^\uFEFF/, "");
    },
    version: (path) => {
      try {
        const stats = statSync(path.replace(HOME, start));
        return stats.isFile() ? `${stats.mtimeMs} ${stats.ctimeMs} ${stats.size} ${stats.ino}` : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

/** What was read of each pipe, or is being read, by path: nobody can read it a second time. */
type Pipes = Map<string, Promise<Buffer>>;

/**
 * A plain file is read at once: that costs a few microseconds, and a turn through Node's thread pool more than all else
 * that a token from memory costs. Whatever may keep one waiting is a stream.
 */
async function readBytes(pipes: Pipes, path: string, limits: ReadLimits): Promise<Buffer> {
  const fd = openSync(path, READ_FLAGS);
  const stats = fstatSync(fd);
  if (stats.isFile()) return readPlain(fd, stats.size);
  if (!stats.isFIFO()) return within(readStream(createReadStream("", { fd, end: MAX_FILE_BYTES })), limits);
  const known = pipes.get(path);
  if (known !== undefined) {
    closeSync(fd);
    return within(known, limits);
  }
  // It belongs to no caller, since one who gives up must not take a part of it along.
  const reading = readPipe(fd);
  pipes.set(path, reading);
  reading.catch(() => pipes.delete(path));
  return within(reading, limits);
}

/** As much of Bun as is used: its sockets read no pipe. */
interface Bun {
  readonly file: (fd: number) => { readonly stream: () => AsyncIterable<Uint8Array> };
}

async function readPipe(fd: number): Promise<Buffer> {
  const { Bun } = globalThis as { Bun?: Bun };
  if (Bun !== undefined) return readStream(Bun.file(fd).stream());
  const { Socket } = await import("node:net");
  return readStream(new Socket({ fd, readable: true, writable: false }).unref());
}

/** The bytes, unless the caller's time is up first. */
async function within(reading: Promise<Buffer>, { signal, timeoutMs }: ReadLimits): Promise<Buffer> {
  let leave = (): void => undefined;
  const ended = new Promise<never>((_, reject) => {
    const late = () => reject(withCode("ETIMEDOUT"));
    // The socket of a pipe does not keep the process alive, so that one left behind cannot; the timer of who waits does.
    const timer = setTimeout(late, Math.ceil(timeoutMs ?? MAX_TIMER_MS));
    const aborted = () => reject(signal?.reason as Error);
    signal?.addEventListener("abort", aborted, { once: true });
    leave = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
    };
  });
  try {
    return await Promise.race([reading, ended]);
  } finally {
    leave();
  }
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
async function readStream(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MAX_FILE_BYTES) throw withCode("EFBIG");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function withCode(code: string): Error {
  return Object.assign(new Error("the file cannot be read"), { code });
}
