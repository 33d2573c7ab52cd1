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

  it("first calls of one moment end with one identity: one of them looks for all", async () => {
    let calls = 0;
    const once = defineResolver({
      name: "once",
      summary: "Is there for the first caller only.",
      options: {},
      resolve: async () => {
        if (++calls > 1) return unavailable("it is gone", "wait");
        return { id: "once", token: async () => ({ token: new Secret("t1.once") }) };
      },
    });
    const app = createApp({ resolvers: [once, mine], mine: { password: "secret-1" } }, testContext());
    const signal = new AbortController().signal;
    const answers = await Promise.all([app.getIamToken(), app.getIamToken(signal), app.getIamToken()]);
    expect(answers.map(({ resolver }) => resolver)).to.deep.equal(["once", "once", "once"]);
  });
});
