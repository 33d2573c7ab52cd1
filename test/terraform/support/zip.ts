import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

const CENTRAL_ENTRY = Buffer.from("PK\x01\x02", "latin1");
const DEFLATED = 8;

/** One member of a zip file. */
export interface ZipEntry {
  readonly name: string;
  /** Unix mode, such as 0o755. */
  readonly mode: number;
  readonly content: Buffer;
}

/** The members of a zip file, unpacked, in its own order. */
export function readZip(file: string): readonly ZipEntry[] {
  const bytes = readFileSync(file);
  const entries: ZipEntry[] = [];
  for (let at = bytes.indexOf(CENTRAL_ENTRY); at >= 0; at = bytes.indexOf(CENTRAL_ENTRY, at + 4)) {
    const name = bytes.toString("utf8", at + 46, at + 46 + bytes.readUInt16LE(at + 28));
    const mode = (bytes.readUInt32LE(at + 38) >>> 16) & 0o777;
    entries.push({ name, mode, content: member(bytes, at) });
  }
  if (entries.length === 0) throw new Error(`${file} is no zip file`);
  return entries;
}

/** All members of a zip file, joined as latin-1 text: a saved plan is such a file. */
export function unzippedText(file: string): string {
  return Buffer.concat(readZip(file).map(({ content }) => content)).toString("latin1");
}

/** Sizes are read from the central directory: a writer that streams leaves them out of the local headers. */
function member(bytes: Buffer, at: number): Buffer {
  const method = bytes.readUInt16LE(at + 10);
  const packedSize = bytes.readUInt32LE(at + 20);
  const local = bytes.readUInt32LE(at + 42);
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(start, start + packedSize);
  return method === DEFLATED ? inflateRawSync(packed) : packed;
}
