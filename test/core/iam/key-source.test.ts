import { expect } from "chai";
import type { KeyFile } from "../../../emulator/index";
import { startCall } from "../../../provider/core/token/call";
import { ServerClock } from "../../../provider/core/token/clock";
import { resolveEndpoints } from "../../../provider/core/iam/endpoints";
import { CredentialError } from "../../../provider/core/words/errors";
import { createIam, type Iam } from "../../../provider/core/iam/iam";
import { keySource, parsedKeySource } from "../../../provider/core/iam/key-source";
import { option } from "../../../provider/core/words/message";
import type { TokenSource } from "../../../provider/core/chain/resolver";
import { Secret } from "../../../provider/core/words/secret";
import { emulatorForAll } from "../../resolvers/support";
import { testContext } from "../../support/context";
import { everyText } from "../../support/every-text";

describe("core/key-source", () => {
  const emulator = emulatorForAll();
  let key: KeyFile;
  before(async () => {
    key = await emulator.current.createKey();
  });

  function iam(options: { installation?: string } = {}): Iam {
    const context = testContext();
    const endpoints = resolveEndpoints({ iamEndpoint: emulator.current.url, ...options }, context, 0);
    return createIam({ context, endpoints, clock: new ServerClock(Date.now), retries: 0 });
  }
  const source = (file: object, of = iam()) => parsedKeySource(file, option("a.key"), "a.key", of);
  const call = () => startCall(new AbortController().signal, 5000);
  const refusalOf = (of: TokenSource) =>
    of.token(call()).then(
      () => expect.fail("a token was given"),
      (error: unknown) => error as CredentialError,
    );

  it("exchanges a key, as text or already parsed, and holds the private key as its material", async () => {
    const fromText = keySource(new Secret(JSON.stringify(key)), "KEY", "a.key", iam());
    const parsed = source(key);
    expect(await fromText.token(call())).to.have.property("subjectId", key.service_account_id);
    expect(fromText.id).to.equal(parsed.id);
    expect(fromText.material?.reveal()).to.contain("BEGIN PRIVATE KEY");
  });

  it("names itself by account, key and a digest: no secret, and another one for another private key", async () => {
    const other = await emulator.current.createKey();
    const ids = [
      source(key),
      source({ ...key, private_key: other.private_key }),
      source({ ...key, id: "x" }),
    ].map(({ id }) => id);
    expect(new Set(ids).size).to.equal(3);
    expect(ids[0]).to.match(
      new RegExp(`^serviceAccountKey ${key.service_account_id} ${key.id} [0-9a-f]{64}$`),
    );
  });

  it("is the same credential whatever the file around the key looks like", () => {
    const flat = {
      accessKeyId: key.id,
      serviceAccountId: key.service_account_id,
      privateKey: key.private_key.replaceAll("\n", "\\n"),
    };
    expect(source(flat).id).to.equal(source(key).id);
  });

  it("refuses what is not JSON without showing it", () => {
    for (const text of ["CANARY", "", '{"private_key":"CANARY', "id: CANARY"]) {
      let error: unknown;
      try {
        keySource(new Secret(text), option("a.key"), "a.key", iam());
      } catch (caught) {
        error = caught;
      }
      expect(error).to.be.instanceOf(CredentialError).with.property("option", "a.key");
      expect((error as Error).message).to.equal(
        "a.key is not JSON. It must be the file that `yc iam key create` wrote.",
      );
      expect(everyText(error)).to.not.contain("CANARY");
    }
  });

  it("names the key and its account in a refusal, and spells the option as the host does", async () => {
    const error = await refusalOf(source({ ...key, id: "ajenone" }));
    expect(error.messageFor((path) => `--${path}`)).to.match(
      new RegExp(
        `^--a\\.key: POST .+: The key of the JWT is not found\\. This is about the key ajenone of the account ${key.service_account_id}: does it still exist, and is it the account's own\\?$`,
      ),
    );
  });

  it("hints at the other installation when the account's id begins like those of it", async () => {
    const asked = { ...key, id: "none", service_account_id: "b2bkzaccount" };
    const error = await refusalOf(source(asked));
    expect(error.message).to.match(
      /The account's id begins like those of the installation kz, but installation is ru: credentials of one are unknown to the other\.$/,
    );
    const kz = await refusalOf(source(asked, iam({ installation: "kz" })));
    expect(kz.message).to.not.contain("begins like");
    const unknown = await refusalOf(source({ ...asked, service_account_id: "zzz" }));
    expect(unknown.message).to.not.contain("begins like");
  });
});
