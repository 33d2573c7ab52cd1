import { expect } from "chai";
import { type AppConfig, createApp } from "../../provider/app";
import { defineResolver } from "../../provider/core/chain/resolver";
import { CredentialError } from "../../provider/core/words/errors";
import { Secret } from "../../provider/core/words/secret";
import { memoryStore } from "../core/token/token-world";
import { at, emulatorForAll, keyForAll } from "../resolvers/support";
import { testContext } from "../support/context";
import { everyText } from "../support/every-text";
import { failureOf } from "../support/failure";

const emulator = emulatorForAll();
const key = keyForAll(emulator);
const works = (more: AppConfig = {}): AppConfig => ({
  ...at(emulator.current),
  serviceAccountKey: { json: key.current },
  ...more,
});

describe("app, explain", () => {
  it("tells of a failure in a row, and holds no secret", async () => {
    const config = works({ serviceAccountKey: { json: { ...key.current, id: "ajenone" } } });
    const { resolvers, chosen } = await createApp(config, testContext()).explain({ verify: true });
    expect(chosen).to.equal(undefined);
    expect(resolvers[0]?.outcome).to.equal("failed");
    expect(resolvers[0]?.reason).to.match(/The key of the JWT is not found/);
    const lines = key.current.private_key.split("\n").slice(2, -2);
    for (const line of lines) expect(everyText(resolvers)).to.not.contain(line);
  });
});

describe("app, revoke", () => {
  it("makes a token useless, says whose it was, and hands it out no more", async () => {
    const context = testContext();
    const app = createApp(works(), context);
    const { token, fingerprint } = await app.getIamToken();
    expect(await app.revoke(token)).to.equal(key.current.service_account_id);
    expect(emulator.current.issuedTokens.find((one) => one.token === token.reveal())?.revoked).to.equal(true);
    expect((await app.getIamToken()).fingerprint).to.not.equal(fingerprint);
  });

  it("R4: forgets a token that IAM knows no more, and says that it is dead", async () => {
    const { store, entries } = memoryStore();
    const context = testContext({ store });
    const app = createApp(works(), context);
    const { token, fingerprint } = await app.getIamToken();
    // Somebody else who was given the same token revokes it.
    await createApp({ ...at(emulator.current), iamToken: { token: "t1.x.y" } }, testContext()).revoke(token);
    expect(await failureOf(app.revoke(token))).to.be.instanceOf(CredentialError);
    expect(entries.size).to.equal(0);
    expect((await app.getIamToken()).fingerprint).to.not.equal(fingerprint);
  });

  it("R6: asks no resolver, so that none can hold it back or fail it", async () => {
    const { token } = await createApp(works(), testContext()).getIamToken();
    const mine = defineResolver({
      name: "mine",
      summary: "It never answers.",
      options: {},
      resolve: () => new Promise<never>(() => undefined),
    });
    const app = createApp({ ...at(emulator.current), resolvers: [mine] }, testContext());
    expect(await app.revoke(token)).to.equal(key.current.service_account_id);
  });

  it("fails for what is no token, without showing it", async () => {
    const error = await failureOf(createApp(works(), testContext()).revoke(new Secret("t1.CANARY.CANARY")));
    expect(error).to.be.instanceOf(CredentialError);
    expect(everyText(error)).to.not.contain("CANARY");
  });
});

describe("app, forget", () => {
  for (const how of ["forget", "revoke"] as const)
    it(`and revoke are heeded by those who ask in the same moment, while a failed renewal pauses: ${how}`, async () => {
      let now = Date.now();
      const app = createApp({ ...works(), retries: 0 }, testContext({ now: () => now }));
      await app.getIamToken();
      now += 2 * 60 * 60_000;
      emulator.current.faults.inject({ status: 503 });
      await app.getIamToken();
      now += 1000;
      const { token } = await app.getIamToken();
      await app[how](token);
      const { exchanges } = emulator.current.counts;
      await app.getIamToken();
      expect(emulator.current.counts.exchanges).to.equal(exchanges + 1);
    });

  for (const [title, reuseWhileMs, isOther] of [
    ["asks IAM for another token than one that was refused, and tells it nothing", Infinity, true],
    ["keeps the refused one again when IAM gives it once more: the refusal had another cause", 0, false],
  ] as const)
    it(title, async () => {
      emulator.current.reuseWhileMs = reuseWhileMs;
      const { store, entries } = memoryStore();
      const app = createApp(works(), testContext({ store }));
      const { token, fingerprint } = await app.getIamToken();
      await app.forget(token);
      expect(entries.size).to.equal(0);
      const next = await app.getIamToken();
      expect(next.fingerprint !== fingerprint).to.equal(isOther);
      const { exchanges } = emulator.current.counts;
      expect(await app.getIamToken()).to.equal(next);
      expect(emulator.current.counts.exchanges).to.equal(exchanges);
      expect(
        emulator.current.issuedTokens.some(({ revoked, token: text }) => revoked && text === token.reveal()),
      ).to.equal(false);
    });
});
