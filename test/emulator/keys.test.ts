import { createPrivateKey, createPublicKey } from "node:crypto";
import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator";

describe("emulator: authorised keys", () => {
  let emulator: Emulator;

  before(async () => {
    emulator = await startEmulator({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5) });
  });
  after(() => emulator.close());

  it("are files as yc writes them", async () => {
    const { id } = emulator.addServiceAccount({ id: "ajeaccount" });
    const key = await emulator.createKey({ serviceAccountId: id });
    const names = ["id", "service_account_id", "created_at", "key_algorithm", "public_key", "private_key"];
    expect(Object.keys(key)).to.deep.equal(names);
    expect(key.id).to.match(/^aje[a-z0-9]{17}$/);
    expect(key).to.include({ service_account_id: "ajeaccount", key_algorithm: "RSA_2048" });
    expect(key.created_at).to.equal("2026-01-02T03:04:05.000000000Z");
    const [notice, header] = key.private_key.split("\n");
    expect(notice).to.equal(`PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <${key.id}>`);
    expect(header).to.equal("-----BEGIN PRIVATE KEY-----");
    expect(
      createPublicKey(createPrivateKey(key.private_key)).equals(createPublicKey(key.public_key)),
    ).to.equal(true);
  });

  it("are of the kind asked for", async () => {
    const details = async (algorithm: "RSA_4096" | "EC_P256" | "ED25519") => {
      const key = await emulator.createKey({ algorithm });
      expect(key.key_algorithm).to.equal(algorithm);
      const { asymmetricKeyType: type, asymmetricKeyDetails: more } = createPrivateKey(key.private_key);
      return { type, ...more };
    };
    expect(await details("RSA_4096")).to.include({ type: "rsa", modulusLength: 4096 });
    expect(await details("EC_P256")).to.include({ type: "ec", namedCurve: "prime256v1" });
    expect(await details("ED25519")).to.include({ type: "ed25519" });
  });

  it("belong to an account that exists", async () => {
    const error: unknown = await emulator
      .createKey({ serviceAccountId: "none" })
      .catch((reason: unknown) => reason);
    expect(error).to.be.an.instanceOf(RangeError);
    expect((error as Error).message).to.include("No service account none in the emulator");
  });
});
