import { createPrivateKey, createPublicKey } from "node:crypto";
import { expect } from "chai";
import { failureOf } from "../support/failure";
import { useEmulator } from "./client";

describe("emulator: authorised keys", () => {
  const bench = useEmulator({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5) });

  it("are files as yc writes them", async () => {
    const { id: serviceAccountId } = bench.emulator.addServiceAccount({ id: "ajeaccount" });
    const key = await bench.emulator.createKey({ serviceAccountId });
    const names = ["id", "service_account_id", "created_at", "key_algorithm", "public_key", "private_key"];
    expect(Object.keys(key)).to.deep.equal(names);
    expect(key.id).to.match(/^aje[a-z0-9]{17}$/);
    expect(key).to.include({ service_account_id: "ajeaccount", key_algorithm: "RSA_2048" });
    expect(key.created_at).to.equal("2026-01-02T03:04:05.000000000Z");
    const [notice, header] = key.private_key.split("\n");
    expect(notice).to.equal(`PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <${key.id}>`);
    expect(header).to.equal("-----BEGIN PRIVATE KEY-----");
    const publicKey = createPublicKey(createPrivateKey(key.private_key));
    expect(publicKey.equals(createPublicKey(key.public_key))).to.equal(true);
  });

  for (const [algorithm, details] of [
    ["RSA_4096", { type: "rsa", modulusLength: 4096 }],
    ["EC_P256", { type: "ec", namedCurve: "prime256v1" }],
    ["ED25519", { type: "ed25519" }],
  ] as const) {
    it(`are of the kind asked for: ${algorithm}`, async () => {
      const key = await bench.emulator.createKey({ algorithm });
      expect(key.key_algorithm).to.equal(algorithm);
      const { asymmetricKeyType: type, asymmetricKeyDetails } = createPrivateKey(key.private_key);
      expect({ type, ...asymmetricKeyDetails }).to.include(details);
    });
  }

  it("belong to an account that exists", async () => {
    const error = await failureOf<Error>(bench.emulator.createKey({ serviceAccountId: "none" }));
    expect(error).to.be.an.instanceOf(RangeError);
    expect(error.message).to.include("No service account none in the emulator");
  });
});
