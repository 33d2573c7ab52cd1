import { expect } from "chai";
import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { CredentialError } from "../../../provider/core/words/errors";
import { readServiceAccountKey } from "../../../provider/core/iam/keys";
import { everyText } from "../../support/every-text";
import { thrownBy } from "../../support/failure";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const PUBLIC_PEM = publicKey.export({ type: "spki", format: "pem" }).toString();
const PUBLIC_PKCS1 = publicKey.export({ type: "pkcs1", format: "pem" }).toString();
const NOTICE = "PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <ajekey>\n";

const IDS = { id: "ajekey", service_account_id: "ajeaccount" };

/** What `yc iam key create` writes. */
const FILE = {
  ...IDS,
  created_at: "2026-11-24T12:00:00.123456789Z",
  key_algorithm: "RSA_2048",
  public_key: PUBLIC_PEM,
  private_key: NOTICE + PEM,
};

const read = (raw: unknown) => readServiceAccountKey(raw, "KEY", "serviceAccountKey.json");
const publicOf = (key: KeyObject) => createPublicKey(key).export({ type: "spki", format: "pem" }).toString();

const SDK = { serviceAccountId: "ajeaccount", accessKeyId: "ajekey" };
const EMPTY = { encrypted_private_key: "", key_fingerprint: "", pgp_key: null, output_to_lockbox: [] };
const SHAPES: Readonly<Record<string, unknown>> = {
  "the file of yc iam key create": FILE,
  "the file with unknown fields": { ...FILE, last_used_at: "2026-01-01T00:00:00Z", more: { x: 1 } },
  "the file in camel case": { id: "ajekey", serviceAccountId: "ajeaccount", privateKey: PEM },
  "the reply of Key.create over REST": {
    key: { id: "ajekey", serviceAccountId: "ajeaccount", keyAlgorithm: "RSA_2048", publicKey: PUBLIC_PEM },
    privateKey: NOTICE + PEM,
  },
  "the reply of Key.create in snake case": { key: { ...IDS }, private_key: PEM },
  "the Node SDK's serviceAccountJson": { ...SDK, privateKey: NOTICE + PEM },
  "Terraform's flat attributes, with those that are empty": { ...FILE, ...EMPTY },
  "a key of a user": { ...FILE, service_account_id: undefined, user_account_id: "ajeaccount" },
  "a key of a user in camel case": { id: "ajekey", userAccountId: "ajeaccount", privateKey: PEM },
};

const PEMS: Readonly<Record<string, string>> = {
  "with the notice line before it": NOTICE + PEM,
  "without the notice line": PEM,
  "with its line breaks flattened to \\n": (NOTICE + PEM).replaceAll("\n", "\\n"),
  "with Windows line breaks": (NOTICE + PEM).replaceAll("\n", "\r\n"),
  "without a line break at the end": PEM.trimEnd(),
  "with blank lines around it": `\n\n${PEM}\n\n`,
  "in PKCS#1": privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
};

describe("core/service-account-key", () => {
  for (const [shape, raw] of Object.entries(SHAPES)) {
    it(`reads ${shape}`, () => {
      const key = read(raw);
      expect(key).to.include({ id: "ajekey", subjectId: "ajeaccount" });
      expect(publicOf(key.privateKey)).to.equal(PUBLIC_PEM);
    });
  }

  for (const [how, pem] of Object.entries(PEMS)) {
    it(`reads a private key ${how}`, () => {
      expect(publicOf(read({ ...FILE, private_key: pem }).privateKey)).to.equal(PUBLIC_PEM);
    });
  }

  it("reads a key of 4096 bits", () => {
    const big = generateKeyPairSync("rsa", { modulusLength: 4096 }).privateKey;
    const pem = big.export({ type: "pkcs8", format: "pem" }).toString();
    expect(read({ ...FILE, private_key: pem }).privateKey.asymmetricKeyDetails?.modulusLength).to.equal(4096);
  });
});

const pemOf = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString();
const ec = pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
const ed = pemOf(generateKeyPairSync("ed25519").privateKey);
const small = pemOf(generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey);
const encrypted = privateKey
  .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open sesame" })
  .toString();

const WHOLE = "Take the whole file that `yc iam key create` wrote.";
const RSA = "Yandex Cloud takes RSA keys of 2048 or 4096 bits.";
const ONCE = "Yandex Cloud shows it only once, when the key is made: make a new key if it is lost.";
const NOT_PEM = "the field `private_key` is not a private key in PEM form.";
const NO_ID = `the field \`id\` (the key's id) is missing or not a string. ${WHOLE}`;
const NO_ACCOUNT = `the field \`service_account_id\` is missing or not a string. ${WHOLE}`;
const NO_KEY = `the field \`private_key\` is missing or not a string. ${ONCE}`;
const PUBLIC = "the field `private_key` holds the public key. Put the private one there.";

const WRONG: readonly (readonly [string, unknown, string])[] = [
  ["a list", [FILE], "the key must be a JSON object."],
  ["a text", PEM, "the key must be a JSON object."],
  ["nothing", null, "the key must be a JSON object."],
  ["no id", { ...FILE, id: undefined }, NO_ID],
  ["an empty id", { ...FILE, id: " " }, NO_ID],
  ["an id that is no text", { ...FILE, id: 7 }, NO_ID],
  ["no account", { ...FILE, service_account_id: undefined }, NO_ACCOUNT],
  ["no private key", { ...FILE, private_key: undefined }, NO_KEY],
  ["an empty private key", { ...FILE, private_key: "" }, NO_KEY],
  [
    "an encrypted private key alone, as with pgp_key",
    { ...FILE, private_key: "", encrypted_private_key: "wcBMA..." },
    "the field `private_key` is empty: the key was made with `pgp_key`, which leaves only the encrypted one. Decrypt it first.",
  ],
  [
    "a key that went to Lockbox",
    { ...FILE, private_key: "", output_to_lockbox: [{ secret_id: "e6q" }] },
    "the field `private_key` is empty: the key was written to Lockbox. Read it from there.",
  ],
  ["the public key", { ...FILE, private_key: PUBLIC_PEM }, PUBLIC],
  ["the public key after the notice line", { ...FILE, private_key: NOTICE + PUBLIC_PEM }, PUBLIC],
  ["a PKCS#1 public key", { ...FILE, private_key: PUBLIC_PKCS1 }, PUBLIC],
  ["no PEM at all", { ...FILE, private_key: "CANARY" }, NOT_PEM],
  ["the notice line alone", { ...FILE, private_key: NOTICE }, NOT_PEM],
  ["a PEM that was cut", { ...FILE, private_key: PEM.slice(0, 700) }, NOT_PEM],
  ["Base64 without its frame", { ...FILE, private_key: PEM.split("\n").slice(1, -2).join("\n") }, NOT_PEM],
  [
    "a private key under a passphrase",
    { ...FILE, private_key: encrypted },
    "the field `private_key` is under a passphrase, which no key of Yandex Cloud is. Take it off, or take the file that `yc iam key create` wrote.",
  ],
  ["an EC key", { ...FILE, private_key: ec }, `the field \`private_key\` is of type ec. ${RSA}`],
  ["an Ed25519 key", { ...FILE, private_key: ed }, `the field \`private_key\` is of type ed25519. ${RSA}`],
  [
    "an RSA key of 1024 bits",
    { ...FILE, private_key: small },
    "the field `private_key` is an RSA key of less than 2048 bits. Yandex Cloud takes 2048 or 4096 bits.",
  ],
];

describe("core/service-account-key, wrong ones", () => {
  for (const [what, raw, problem] of WRONG) {
    it(`names what is wrong with ${what}, and shows nothing of it`, () => {
      const error = thrownBy(() => read(raw));
      expect(error).to.be.instanceOf(CredentialError).with.property("option", "serviceAccountKey.json");
      expect(error.message).to.equal(`KEY: ${problem}`);
      const texts = everyText(error);
      for (const line of [...(PEM + ec + small).split("\n"), "CANARY"].filter(
        (text) => text.length > 20 && !text.includes("--"),
      ))
        expect(texts).to.not.contain(line);
    });
  }
});
