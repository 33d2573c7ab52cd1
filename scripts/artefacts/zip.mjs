import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";

// The first time that a zip can hold, in local time, which is what zips have: the same bytes wherever it is made.
const TIME = new Date(1980, 0, 1);

/**
 * Files as a zip that is the same, byte for byte, wherever it is made.
 * @param {readonly {name: string, content: Buffer, isProgram?: boolean}[]} files
 */
export function zip(files) {
  const file = new ZipFile();
  for (const { name, content, isProgram = false } of files) {
    const mode = isProgram ? 0o100755 : 0o100644;
    file.addBuffer(content, name, { mtime: TIME, mode, forceDosTimestamp: true, compressionLevel: 6 });
  }
  file.end();
  return buffer(file.outputStream);
}
