import { expect } from "chai";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { extract } from "tar";
import { folderForEach } from "../support/folders";
import { RELEASE, version } from "./released";

const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;

/** What a program of macOS says of its signature, read by loader.h and cs_blobs.h; the kernel looks at the same. */
function signatureOf(bytes: Buffer) {
  let [at, start, size, linkedit] = [32, 0, 0, 0];
  for (let left = bytes.readUInt32LE(16); left > 0; left -= 1, at += bytes.readUInt32LE(at + 4)) {
    const command = bytes.readUInt32LE(at);
    if (command === LC_CODE_SIGNATURE)
      [start, size] = [bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12)];
    if (command === LC_SEGMENT_64 && bytes.toString("latin1", at + 8, at + 18) === "__LINKEDIT")
      linkedit = Number(bytes.readBigUInt64LE(at + 40) + bytes.readBigUInt64LE(at + 48));
  }
  const blob = bytes.subarray(start, start + size);
  const directory = blob.subarray(blob.readUInt32BE(16));
  const [magic, length, , flags, hashes, , , pages, limit] = Array.from({ length: 9 }, (_, index) =>
    directory.readUInt32BE(index * 4),
  ) as [number, number, number, number, number, number, number, number, number];
  const pageBytes = 1 << directory.readUInt8(39);
  const broken = Array.from({ length: pages }, (_, page) => page).filter((page) => {
    const content = bytes.subarray(page * pageBytes, Math.min((page + 1) * pageBytes, limit));
    const hash = directory.subarray(hashes + page * 32, hashes + (page + 1) * 32);
    return !createHash("sha256").update(content).digest().equals(hash);
  });
  return { start, end: start + size, linkedit, magic, length, flags, pages, limit, pageBytes, broken };
}

describe("the signature of the executable for macOS", () => {
  const folder = folderForEach();

  it("is ad hoc, covers every page of it, and is broken by any byte that is changed", function () {
    this.timeout(60_000);
    const file = join(RELEASE, `yciam_${version}_darwin_arm64.tar.gz`);
    extract({ file, cwd: folder.path, sync: true });
    const bytes = readFileSync(join(folder.path, "yciam"));
    const { start, end, linkedit, limit, pages, pageBytes, ...found } = signatureOf(bytes);
    expect(found).to.deep.include({ magic: 0xfade0c02, flags: 2, broken: [] });
    expect([limit, end, linkedit, pages]).to.deep.equal([
      start,
      bytes.length,
      bytes.length,
      Math.ceil(start / pageBytes),
    ]);
    for (const at of [20, Math.floor(limit / 2), limit - 1]) {
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      expect(signatureOf(bytes).broken).to.deep.equal([Math.floor(at / pageBytes)]);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    }
  });
});
