import { expect } from "chai";
import type { KeyFile } from "../../emulator/index";
import { type AppConfig, createApp } from "../../provider/app";
import { CredentialError, type YciamError } from "../../provider/core/words/errors";
import { Secret } from "../../provider/core/words/secret";
import { at, emulatorForAll } from "../resolvers/support";
import { testContext } from "../support/context";
import { everyText } from "../support/every-text";

const emulator = emulatorForAll();
let key: KeyFile;
before(async () => {
  key = await emulator.current.createKey();
});

/** A config that works: a key, and the emulator for IAM. */
const works = (more: AppConfig = {}): AppConfig => ({
  ...at(emulator.current),
  serviceAccountKey: { json: key },
  ...more,
});
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail("it ended well"),
    (error: unknown) => error as YciamError,
  );

describe("app, explain", () => {
  it("tells of each resolver without asking for a token, and with one when told so", async () => {
    const context = testContext();
    const app = createApp(works({ resolvers: ["iamToken", "serviceAccountKey", "oauthToken"] }), context);
    const outcomes = (rows: readonly { resolver: string; outcome: string }[]) =>
      rows.map(({ resolver, outcome }) => `${resolver} ${outcome}`);
    const expected = ["iamToken unavailable", "serviceAccountKey used", "oauthToken notTried"];
    const dry = await app.explain();
    expect([outcomes(dry.resolvers), dry.chosen, dry.verified]).to.deep.equal([
      expected,
      "serviceAccountKey",
      false,
    ]);
    expect(emulator.current.requests).to.deep.equal([]);
    const verified = await app.explain({ verify: true });
    expect([outcomes(verified.resolvers), verified.verified]).to.deep.equal([expected, true]);
    expect(emulator.current.counts.exchanges).to.equal(1);
  });

  it("tells of a failure in a row, and holds no secret", async () => {
    const config = works({ serviceAccountKey: { json: { ...key, id: "ajenone" } } });
    const { resolvers, chosen } = await createApp(config, testContext()).explain({ verify: true });
    expect(chosen).to.equal(undefined);
    expect(resolvers[0]?.outcome).to.equal("failed");
    expect(resolvers[0]?.reason).to.match(/The key of the JWT is not found/);
    for (const line of key.private_key
      .split("\n")
      .filter((text) => text.length > 30)
      .slice(1))
      expect(everyText(resolvers)).to.not.contain(line);
  });
});

describe("app, revoke", () => {
  it("makes a token useless, says whose it was, and hands it out no more", async () => {
    const context = testContext();
    const app = createApp(works(), context);
    const { token, fingerprint } = await app.getIamToken();
    expect(await app.revoke(token)).to.equal(key.service_account_id);
    expect(emulator.current.issuedTokens.find((one) => one.token === token.reveal())?.revoked).to.equal(true);
    expect((await app.getIamToken()).fingerprint).to.not.equal(fingerprint);
  });

  it("fails for what is no token, without showing it", async () => {
    const error = await failureOf(createApp(works(), testContext()).revoke(new Secret("t1.CANARY.CANARY")));
    expect(error).to.be.instanceOf(CredentialError);
    expect(everyText(error)).to.not.contain("CANARY");
  });
});
