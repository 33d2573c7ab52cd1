import { expect } from "chai";
import type { AppConfig } from "../provider/app";
import { at, emulatorForAll, getToken, keyForAll } from "./resolvers/support";
import { testContext } from "./support/context";
import { everyText } from "./support/every-text";

describe("app, getIamToken", () => {
  const emulator = emulatorForAll();
  const key = keyForAll(emulator);
  const works = (more: AppConfig = {}): AppConfig => ({
    ...at(emulator.current),
    serviceAccountKey: { json: key.current },
    ...more,
  });

  it("holds its two secrets where nothing prints them", async () => {
    const context = testContext();
    const result = await getToken(works(), context);
    const texts = everyText(result) + everyText(context.logs);
    expect(texts).to.not.contain(result.token.reveal());
    expect(JSON.parse(JSON.stringify(result))).to.include({
      token: "[secret]",
      authorizationHeader: "[secret]",
    });
  });

  it("says that a token which dies before refreshAfter is renewed at its end", async () => {
    const result = await getToken(works({ cache: "none", refreshAfter: "20h" }), testContext());
    const issued = emulator.current.issuedTokens.find(({ token }) => token === result.token.reveal());
    expect(result.expiresAt).to.equal(new Date(issued?.expiresAt ?? 0).toISOString());
    expect(result.refreshAt).to.equal(result.expiresAt);
  });

  it("keeps tokens apart by credential, by endpoint, by audience and by whom they impersonate", async () => {
    const other = await emulator.current.createKey();
    const target = emulator.current.addServiceAccount();
    const [mine, its] = [key.current.service_account_id, other.service_account_id];
    emulator.current.grantTokenCreator(mine, target.id);
    const elsewhere = emulator.current.iamEndpoint.replace("127.0.0.1", "localhost");
    const context = testContext();
    const ask = async (more?: AppConfig) => (await getToken(works(more), context)).subjectId;
    expect([
      await ask(),
      await ask({ serviceAccountKey: { json: other } }),
      await ask({ impersonate: { serviceAccountId: target.id } }),
      await ask({ impersonate: { serviceAccountId: target.id } }),
      await ask(),
    ]).to.deep.equal([mine, its, target.id, target.id, mine]);
    expect(emulator.current.counts).to.include({ tokens: 2, createForServiceAccount: 1 });
    await ask({ iamEndpoint: elsewhere });
    const { audience } = emulator.current;
    emulator.current.audience = "urn:another";
    await ask({ audience: "urn:another" });
    emulator.current.audience = audience;
    expect(emulator.current.counts.tokens).to.equal(4);
  });
});
