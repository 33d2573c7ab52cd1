import { expect } from "chai";
import { defineResolver, unavailable } from "../../provider/core/chain/resolver";
import { createApp } from "../../provider/app";
import { Secret } from "../../provider/core/words/secret";
import { getToken } from "../resolvers/support";
import { testContext } from "../support/context";

describe("app, resolvers of the user's own", () => {
  const mine = defineResolver({
    name: "mine",
    summary: "A test's own.",
    options: { password: { kind: "secret", env: ["MY_PASSWORD"], doc: "What it takes." } },
    resolve: async ({ options }) => {
      const { password } = options;
      if (password === undefined) return unavailable("no password", "set MY_PASSWORD");
      return { id: "mine", token: async () => ({ token: password }) };
    },
  });

  it("are taken as objects, among names, and with options like any other", async () => {
    const named = await getToken({ resolvers: [mine], mine: { password: "secret-1" } }, testContext());
    expect([named.resolver, named.token.reveal()]).to.deep.equal(["mine", "secret-1"]);
    const env = { MY_PASSWORD: "secret-2" };
    const among = await getToken({ resolvers: ["iamToken", mine] }, testContext({ env }));
    expect(among.token.reveal()).to.equal("secret-2");
    const absent = { resolvers: [mine, "iamToken"], iamToken: { token: "secret-3" } };
    expect((await getToken(absent, testContext())).resolver).to.equal("iamToken");
  });

  it("first calls of one moment end with one identity, whichever resolver each of them found", async () => {
    let calls = 0;
    let first = (): void => undefined;
    const held = new Promise<void>((done) => (first = done));
    const slow = defineResolver({
      name: "slow",
      summary: "Is there for the first caller only, and late.",
      options: {},
      resolve: async () => {
        if (++calls > 1) return unavailable("it is gone", "wait");
        await held;
        return { id: "slow", token: async () => ({ token: new Secret("t1.slow") }) };
      },
    });
    const app = createApp({ resolvers: [slow, mine], mine: { password: "secret-1" } }, testContext());
    const early = app.getIamToken();
    const late = await app.getIamToken();
    first();
    expect([late.resolver, (await early).resolver]).to.deep.equal(["mine", "mine"]);
  });
});
