import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

const CENTRAL_ENTRY = Buffer.from("PK\x01\x02", "latin1");
const DEFLATED = 8;

/** All members of a zip file, unpacked and joined as latin-1 text: a saved plan is such a file. */
export function unzippedText(file: string): string {
  const bytes = readFileSync(file);
  const members: Buffer[] = [];
  for (let at = bytes.indexOf(CENTRAL_ENTRY); at >= 0; at = bytes.indexOf(CENTRAL_ENTRY, at + 4)) {
    members.push(member(bytes, at));
  }
  if (members.length === 0) throw new Error(`${file} is no zip file`);
  return Buffer.concat(members).toString("latin1");
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
