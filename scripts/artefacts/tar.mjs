import { create } from "tar";
import { filesBelow } from "./files.mjs";

/**
 * The files of a folder as a gzipped tar archive that is the same, byte for byte, wherever it is made.
 * @param executable names of the files that are programs
 */
export function archive(folder, executable) {
  const onWriteEntry = ({ path, stat }) => {
    if (stat.isFile()) stat.mode = executable.includes(path) ? 0o100755 : 0o100644;
  };
  const settings = { sync: true, gzip: { level: 6 }, portable: true, mtime: new Date(0) };
  return create({ ...settings, cwd: folder, onWriteEntry }, filesBelow(folder)).read();
}
