import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { StoreSlot } from "../core/context";
import type { Secret } from "../core/words/secret";

/** First bytes of every entry, and part of its authenticated data: another format never opens. */
const FORMAT = Buffer.from("yciam-token-2\n");
/** The sizes of what follows in clear, in bytes; then comes the encrypted text. */
const [MARK_BYTES, SALT_BYTES, NONCE_BYTES, TAG_BYTES] = [16, 32, 12, 16];
const [SALT_AT, NONCE_AT] = [FORMAT.length + MARK_BYTES, FORMAT.length + MARK_BYTES + SALT_BYTES];
const [TAG_AT, TEXT_AT] = [NONCE_AT + NONCE_BYTES, NONCE_AT + NONCE_BYTES + TAG_BYTES];

/**
 * The file name of an entry: 32 hex digits made from the credential's secret and the identity together, so that a
 * listing of the folder tells nothing to one who does not hold the credential.
 */
export function entryName({ identity, material }: StoreSlot): string {
  const key = hkdfSync("sha256", material.reveal(), FORMAT, "yciam token cache: names of entries", 32);
  return createHmac("sha256", Buffer.from(key)).update(identity).digest("hex").slice(0, 32);
}

/**
 * Encrypts with AES-256-GCM, under a key of its own for each entry (HKDF-SHA-256 of the secret, random salt).
 * @param token the token in the text; a mark of it is left in clear for {@link isMarkedWith}
 */
export function seal(slot: StoreSlot, text: string, token: Secret): Buffer {
  const mark = markOf(token);
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyOf(slot, salt), nonce);
  cipher.setAAD(associatedData(slot, mark));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([FORMAT, mark, salt, nonce, cipher.getAuthTag(), sealed]);
}

/** The text that was sealed for exactly this slot; undefined for everything else. */
export function unseal(slot: StoreSlot, file: Buffer): string | undefined {
  if (!hasFormat(file)) return undefined;
  const key = keyOf(slot, file.subarray(SALT_AT, NONCE_AT));
  const nonce = file.subarray(NONCE_AT, TAG_AT);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(slot, file.subarray(FORMAT.length, SALT_AT)));
  decipher.setAuthTag(file.subarray(TAG_AT, TEXT_AT));
  try {
    return Buffer.concat([decipher.update(file.subarray(TEXT_AT)), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

/** Whether an entry says of itself that it holds this token. That can be seen without its credential. */
export function isMarkedWith(token: Secret, file: Buffer): boolean {
  return hasFormat(file) && file.subarray(FORMAT.length, SALT_AT).equals(markOf(token));
}

function hasFormat(file: Buffer): boolean {
  return file.length >= TEXT_AT && file.subarray(0, FORMAT.length).equals(FORMAT);
}

/** Half of a digest. Nobody can find the token from it, since a token holds more than 64 random bytes. */
function markOf(token: Secret): Buffer {
  const digest = createHash("sha256")
    .update(`yciam token cache: mark of a token\n${token.reveal()}`)
    .digest();
  return digest.subarray(0, MARK_BYTES);
}

function keyOf({ material }: StoreSlot, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync("sha256", material.reveal(), salt, "yciam token cache: key of an entry", 32));
}

function associatedData({ identity }: StoreSlot, mark: Buffer): Buffer {
  return Buffer.concat([FORMAT, mark, Buffer.from(identity)]);
}
