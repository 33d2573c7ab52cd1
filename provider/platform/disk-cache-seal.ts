import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { StoreSlot } from "../core/context";

/** First bytes of every entry, and part of its authenticated data: another format never opens. */
const FORMAT = Buffer.from("yciam-token-1\n");
const SALT_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = FORMAT.length + SALT_BYTES + NONCE_BYTES + TAG_BYTES;

/**
 * The file name of an entry: 32 hex digits made from the credential's secret and the identity together, so that a
 * listing of the folder tells nothing to one who does not hold the credential.
 */
export function entryName({ identity, material }: StoreSlot): string {
  const key = hkdfSync("sha256", material.reveal(), FORMAT, "yciam token cache: names of entries", 32);
  return createHmac("sha256", Buffer.from(key)).update(identity).digest("hex").slice(0, 32);
}

/** Encrypts with AES-256-GCM, under a key of its own for each entry (HKDF-SHA-256 of the secret, random salt). */
export function seal(slot: StoreSlot, text: string): Buffer {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyOf(slot, salt), nonce);
  cipher.setAAD(associatedData(slot));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([FORMAT, salt, nonce, cipher.getAuthTag(), sealed]);
}

/** The text that was sealed for exactly this slot; undefined for everything else. */
export function unseal(slot: StoreSlot, file: Buffer): string | undefined {
  if (file.length < HEADER_BYTES || !file.subarray(0, FORMAT.length).equals(FORMAT)) return undefined;
  const rest = file.subarray(FORMAT.length);
  const nonceAt = SALT_BYTES;
  const tagAt = nonceAt + NONCE_BYTES;
  const textAt = tagAt + TAG_BYTES;
  const key = keyOf(slot, rest.subarray(0, nonceAt));
  const decipher = createDecipheriv("aes-256-gcm", key, rest.subarray(nonceAt, tagAt), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(associatedData(slot));
  decipher.setAuthTag(rest.subarray(tagAt, textAt));
  try {
    return Buffer.concat([decipher.update(rest.subarray(textAt)), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

function keyOf({ material }: StoreSlot, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync("sha256", material.reveal(), salt, "yciam token cache: key of an entry", 32));
}

function associatedData({ identity }: StoreSlot): Buffer {
  return Buffer.concat([FORMAT, Buffer.from(identity)]);
}
