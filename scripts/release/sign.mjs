import { decryptKey, readPrivateKey, sign as signMessage, createMessage } from "openpgp";

const KEY = "YCIAM_RELEASE_KEY";
const PASSPHRASE = "YCIAM_RELEASE_KEY_PASSPHRASE";

/**
 * Signs with the armoured private key in the variable, where there is one. The registry of Terraform takes RSA alone.
 * @throws Error for a key that cannot be used
 */
export async function signerFrom(env) {
  if (!env[KEY]) return undefined;
  const read = await readPrivateKey({ armoredKey: env[KEY] }).catch(() => {
    throw new Error(`${KEY} is no armoured private key of OpenPGP`);
  });
  if (!/^rsa/.test(read.getAlgorithmInfo().algorithm))
    throw new Error(`${KEY} is a key that Terraform's registry does not take: it must be RSA`);
  const key = read.isDecrypted()
    ? read
    : await decryptKey({ privateKey: read, passphrase: env[PASSPHRASE] ?? "" });
  return async (content) => {
    const message = await createMessage({ binary: content });
    return Buffer.from(await signMessage({ message, signingKeys: key, detached: true, format: "binary" }));
  };
}
