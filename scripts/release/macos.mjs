// An ad-hoc signature for an executable of macOS, which runs nothing else on ARM: one code directory with the hash of each
// page. It says that the file is whole, and not who made it. Sources: Mach-O's loader.h; cs_blobs.h of XNU.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const MAGIC_64 = 0xfeedfacf;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
const SUPERBLOB = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
const VERSION = 0x20400;
const AD_HOC = 2;
const MAIN_BINARY = 1n;
const PAGE_BITS = 12;
const PAGE = 1 << PAGE_BITS;
const HASH_BYTES = 32;
const HEADER_BYTES = 88;
const SUPERBLOB_BYTES = 20;
const align = (size) => Math.ceil(size / 16) * 16;

/**
 * Signs a program of macOS in its place; the signature that it had is dropped.
 * @throws Error for what is no program of macOS, or has no place for a signature
 */
export function signAdHoc(file, identifier) {
  const bytes = readFileSync(file);
  const { signature, linkedit, text } = commandsOf(bytes);
  const limit = bytes.readUInt32LE(signature + 8);
  const size = align(
    SUPERBLOB_BYTES + HEADER_BYTES + identifier.length + 1 + Math.ceil(limit / PAGE) * HASH_BYTES,
  );
  // The hashes are of what says how long the signature is, too.
  const segment = Number(bytes.readBigUInt64LE(linkedit + 40));
  bytes.writeUInt32LE(size, signature + 12);
  bytes.writeBigUInt64LE(BigInt(limit + size - segment), linkedit + 48);
  const pages = (limit + size - segment + 0x3fff) & ~0x3fff;
  bytes.writeBigUInt64LE(BigInt(pages), linkedit + 32);
  const code = bytes.subarray(0, limit);
  const exec = [bytes.readBigUInt64LE(text + 40), bytes.readBigUInt64LE(text + 48)];
  writeFileSync(file, Buffer.concat([code, signatureOf(code, identifier, exec, size)]));
}

/** Where the load commands are that tell of the signature, and of the segments __LINKEDIT and __TEXT. */
function commandsOf(bytes) {
  if (bytes.readUInt32LE(0) !== MAGIC_64) throw new Error("this is no program of macOS");
  const found = {};
  for (let at = 32, left = bytes.readUInt32LE(16); left > 0; at += bytes.readUInt32LE(at + 4), left -= 1) {
    const command = bytes.readUInt32LE(at);
    if (command === LC_CODE_SIGNATURE) found.signature = at;
    if (command !== LC_SEGMENT_64) continue;
    const name = bytes.toString("latin1", at + 8, at + 24).replace(/\0+$/, "");
    if (name === "__LINKEDIT") found.linkedit = at;
    if (name === "__TEXT") found.text = at;
  }
  if (found.signature && found.linkedit && found.text) return found;
  throw new Error("the program has no place for a signature");
}

function signatureOf(code, identifier, [execBase, execSize], size) {
  const pages = Math.ceil(code.length / PAGE);
  const hashes = Array.from({ length: pages }, (_, page) =>
    createHash("sha256")
      .update(code.subarray(page * PAGE, (page + 1) * PAGE))
      .digest(),
  );
  const name = Buffer.from(`${identifier}\0`);
  const hashOffset = HEADER_BYTES + name.length;
  const length = hashOffset + pages * HASH_BYTES;
  const header = Buffer.alloc(HEADER_BYTES);
  const words = [CODE_DIRECTORY, length, VERSION, AD_HOC, hashOffset, HEADER_BYTES, 0, pages, code.length];
  words.forEach((word, index) => header.writeUInt32BE(word, index * 4));
  // The size and kind of a hash (SHA-256), and of a page.
  header.set([HASH_BYTES, 2, 0, PAGE_BITS], 36);
  [execBase, execSize, MAIN_BINARY].forEach((value, index) => header.writeBigUInt64BE(value, 64 + index * 8));
  const blob = Buffer.alloc(SUPERBLOB_BYTES);
  [SUPERBLOB, SUPERBLOB_BYTES + length, 1, 0, SUPERBLOB_BYTES].forEach((word, index) =>
    blob.writeUInt32BE(word, index * 4),
  );
  return Buffer.concat([blob, header, name, ...hashes], size);
}
