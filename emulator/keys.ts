import {
  generateKeyPair as generateKeyPairCallback,
  type KeyObject,
  type KeyPairKeyObjectResult,
} from "node:crypto";
import { promisify } from "node:util";
import { newId, nanoTimestamp } from "./ids";

const generateKeyPair = promisify(generateKeyPairCallback);

/** IAM itself makes only the RSA ones; the others are for testing what a wrong key is told. */
export type KeyAlgorithm = "RSA_2048" | "RSA_4096" | "EC_P256" | "ED25519";

/** An authorised key as `yc iam key create` writes it. */
export interface KeyFile {
  id: string;
  service_account_id: string;
  /** RFC 3339. */
  created_at: string;
  key_algorithm: string;
  /** PEM. */
  public_key: string;
  /** PEM (PKCS#8) after the notice line. */
  private_key: string;
}

/** What the emulator keeps of a key. */
export interface StoredKey {
  readonly id: string;
  readonly serviceAccountId: string;
  readonly publicKey: KeyObject;
}

/**
 * An RSA pair costs a quarter of a second of a processor, and a test suite starts hundreds of emulators: those of one
 * process share their pairs. Each emulator hands a pair out once, so that its keys differ.
 */
const PAIRS = new Map<KeyAlgorithm, Promise<KeyPairKeyObjectResult>[]>();

/** Authorised keys of service accounts: public halves only. */
export class Keys {
  readonly #keys = new Map<string, StoredKey>();
  readonly #handedOut = new Map<KeyAlgorithm, number>();

  /** Makes a key pair, keeps the public half and returns the key file. */
  async create(serviceAccountId: string, algorithm: KeyAlgorithm, createdAt: number): Promise<KeyFile> {
    const { publicKey, privateKey } = await this.#nextPair(algorithm);
    const id = newId();
    const notice = `PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <${id}>\n`;
    this.#keys.set(id, { id, serviceAccountId, publicKey });
    return {
      id,
      service_account_id: serviceAccountId,
      created_at: nanoTimestamp(createdAt),
      key_algorithm: algorithm,
      public_key: publicKey.export({ type: "spki", format: "pem" }).toString(),
      private_key: notice + privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    };
  }

  /** The key, or undefined. */
  find(id: string): StoredKey | undefined {
    return this.#keys.get(id);
  }

  /** Deletes a key: assertions signed with it are refused from now on. */
  delete(id: string): void {
    this.#keys.delete(id);
  }

  #nextPair(algorithm: KeyAlgorithm): Promise<KeyPairKeyObjectResult> {
    const index = this.#handedOut.get(algorithm) ?? 0;
    this.#handedOut.set(algorithm, index + 1);
    const pairs = PAIRS.get(algorithm) ?? [];
    PAIRS.set(algorithm, pairs);
    return (pairs[index] ??= makePair(algorithm));
  }
}

function makePair(algorithm: KeyAlgorithm): Promise<KeyPairKeyObjectResult> {
  switch (algorithm) {
    case "RSA_2048":
      return generateKeyPair("rsa", { modulusLength: 2048 });
    case "RSA_4096":
      return generateKeyPair("rsa", { modulusLength: 4096 });
    case "EC_P256":
      return generateKeyPair("ec", { namedCurve: "P-256" });
    case "ED25519":
      return generateKeyPair("ed25519");
  }
}
