import { createHash } from "node:crypto";

/** SHA-256, in the encoding asked for. */
export const sha256 = (content, encoding = "hex") => createHash("sha256").update(content).digest(encoding);

/** A value as the text of a JSON file. */
export const json = (value) => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);

/**
 * The lines of `sha256sum`, which registries and people check downloads by.
 * @param {readonly { name: string, content?: Buffer, sha256?: string }[]} files with their SHA-256, or what is in them
 */
export function sums(files) {
  return Buffer.from(
    files.map(({ name, content, sha256: known }) => `${known ?? sha256(content)}  ${name}\n`).join(""),
  );
}

/**
 * The hash of what an archive holds, whatever way it is packed: `h1:` of Terraform's lock files and of Go's go.sum.
 * Source: golang.org/x/mod/sumdb/dirhash, Hash1.
 */
export function treeHash(files) {
  const lines = files.map(({ name, content }) => `${sha256(content)}  ${name}\n`);
  // By name, which each line ends with.
  const byName = (a, b) => (a.slice(66) < b.slice(66) ? -1 : 1);
  return `h1:${sha256(lines.sort(byName).join(""), "base64")}`;
}
