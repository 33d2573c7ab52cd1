import { expect } from "chai";
import { keySource } from "../../../provider/core/iam/key-source";
import { CredentialError } from "../../../provider/core/words/errors";
import { option } from "../../../provider/core/words/message";
import { Secret } from "../../../provider/core/words/secret";
import { emulatorForAll, keyForAll } from "../../resolvers/support";
import { everyText } from "../../support/every-text";
import { thrownBy } from "../../support/failure";
import { aCall, clientOf } from "./iam-world";

describe("core/iam/key-source", () => {
  const emulator = emulatorForAll();
  const file = keyForAll(emulator);
  const iam = () => clientOf(emulator.current).iam;
  const source = (of: object) => keySource(of, option("a.key"), "a.key", iam());

  it("exchanges a key, as text or already parsed, and holds the private key as its material", async () => {
    const { current: key } = file;
    const fromText = source(new Secret(JSON.stringify(key)));
    const parsed = source(key);
    expect(await fromText.token(aCall())).to.have.property("subjectId", key.service_account_id);
    expect(fromText.id).to.equal(parsed.id);
    expect(fromText.material?.reveal()).to.contain("BEGIN PRIVATE KEY");
  });

  it("names itself by account, key and a digest: no secret, and another one for another private key", async () => {
    const { current: key } = file;
    const other = await emulator.current.createKey();
    const others = [
      { ...key, private_key: other.private_key },
      { ...key, id: "x" },
    ];
    const ids = [key, ...others].map((of) => source(of).id);
    expect(new Set(ids).size).to.equal(3);
    expect(ids[0]).to.match(
      new RegExp(`^serviceAccountKey ${key.service_account_id} ${key.id} [0-9a-f]{64}$`),
    );
    const privateKey = key.private_key.replaceAll("\n", "\\n");
    const flat = { accessKeyId: key.id, serviceAccountId: key.service_account_id, privateKey };
    expect(source(flat).id, "whatever the file around the key looks like").to.equal(ids[0]);
  });

  it("refuses what is not JSON without showing it", () => {
    for (const text of ["CANARY", "", '{"private_key":"CANARY', "id: CANARY"]) {
      const error = thrownBy(() => source(new Secret(text)));
      expect(error).to.be.instanceOf(CredentialError).with.property("option", "a.key");
      expect(error.message).to.equal(
        "a.key is not JSON. It must be the file that `yc iam key create` wrote.",
      );
      expect(everyText(error)).to.not.contain("CANARY");
    }
  });
});
