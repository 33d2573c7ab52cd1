import { constants, createReadStream, fstat, open } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { addAbortSignal, type Readable } from "node:stream";
import { promisify } from "node:util";
import type { Files, ReadLimits } from "../core/context";

/** A file that holds a credential is never larger; in bytes. */
const MAX_FILE_BYTES = 1024 * 1024;

// Opening a pipe would otherwise wait for its other end, in a thread that nothing can stop. Windows has no such flag.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Files of the real disk, `~` expanded; at most 1 MiB, of devices and pipes too. A byte order mark is left out. */
export function createFiles(home: string): Files {
  return {
    read: async (path, limits = {}) => {
      const expanded = path === "~" || path.startsWith("~/") ? join(home, path.slice(2)) : path;
      const bytes = await readAll(await openStream(expanded), limits);
      return bytes.toString("utf8").replace(/^\uFEFF/, "");
    },
  };
}

/** The stream closes the file. A pipe, such as `<(...)` of a shell, is waited for as a socket is. */
async function openStream(path: string): Promise<Readable> {
  const fd = await promisify(open)(path, READ_FLAGS);
  const stats = await promisify(fstat)(fd);
  return stats.isFIFO()
    ? new Socket({ fd, readable: true, writable: false })
    : createReadStream("", { fd, end: MAX_FILE_BYTES });
}

async function readAll(stream: Readable, { signal, timeoutMs }: ReadLimits): Promise<Buffer> {
  const ends = [signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(Math.ceil(timeoutMs))];
  addAbortSignal(AbortSignal.any(ends.filter((end) => end !== undefined)), stream);
  try {
    return await collect(stream);
  } catch (error) {
    signal?.throwIfAborted();
    throw (error as { code?: unknown }).code === "ABORT_ERR" ? withCode("ETIMEDOUT") : error;
  }
}

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_FILE_BYTES) throw withCode("EFBIG");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function withCode(code: string): Error {
  return Object.assign(new Error("the file cannot be read"), { code });
}
