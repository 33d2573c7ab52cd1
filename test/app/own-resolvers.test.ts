import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AppConfig, createApp } from "../../provider/app";
import { OptionError, type YciamError } from "../../provider/core/words/errors";
import { defineResolver, unavailable } from "../../provider/core/chain/resolver";
import { testContext } from "../support/context";

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail("it ended well"),
    (error: unknown) => error as YciamError,
  );

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

  it("are taken as objects, by name, and with options like any other", async () => {
    const named = await createApp(
      { resolvers: [mine], mine: { password: "secret-1" } },
      testContext(),
    ).getIamToken();
    expect([named.resolver, named.token.reveal()]).to.deep.equal(["mine", "secret-1"]);
    const env = { MY_PASSWORD: "secret-2" };
    const among = await createApp({ resolvers: ["iamToken", mine] }, testContext({ env })).getIamToken();
    expect(among.token.reveal()).to.equal("secret-2");
  });

  it("hand nothing out that could not stand in a header", async () => {
    for (const password of ["a token\n", "a b", "tok\u0435n", "x".repeat(4097)])
      for (const cache of ["memory", "none"]) {
        const app = createApp({ resolvers: [mine], mine: { password }, cache }, testContext());
        const error = await failureOf(app.getIamToken());
        expect([error.code, error.message]).to.deep.equal([
          "ERR_YCIAM_CREDENTIAL",
          "mine gave what is no token: it is empty, too long, or has a line break or another character that no token has.",
        ]);
      }
  });

  it("are loaded from a module that is named, and from no other", async () => {
    const folder = mkdtempSync(join(tmpdir(), "yciam-module-"));
    const file = join(folder, "resolver.cjs");
    writeFileSync(
      file,
      `module.exports = { name: "fromModule", summary: "A test's own.", options: { word: { kind: "string", doc: "It." } },
        resolve: async ({ options }) => ({ id: "fromModule", token: async () => ({ token: { reveal: () => options.word, toJSON: () => "[secret]" } }) }) };`,
    );
    const config = {
      resolverModules: [file],
      resolvers: ["from-module"],
      fromModule: { word: "hello-token" },
    };
    const result = await createApp(config, testContext()).getIamToken();
    rmSync(folder, { recursive: true });
    expect([result.resolver, result.token.reveal()]).to.deep.equal(["fromModule", "hello-token"]);
  });

  const wrong: readonly [string, AppConfig, RegExp][] = [
    [
      "an object that is no resolver",
      { resolvers: [{ name: "x" }] },
      /^resolvers has an object that is no resolver\. Make it with defineResolver/,
    ],
    [
      "a name that is not in camelCase",
      { resolvers: [{ ...mine, name: "My Resolver" }] },
      /with a name in camelCase\.$/,
    ],
    [
      "the name of a built-in one",
      { resolvers: [{ ...mine, name: "iamToken" }] },
      /^two resolvers are named iamToken\. Rename the one of your own\.$/,
    ],
    [
      "a module that is not there",
      { resolverModules: ["./no-such-module.js"] },
      /^resolverModules names \.\/no-such-module\.js, which cannot be loaded \(\w+\)\./,
    ],
    [
      "a module without a resolver",
      { resolverModules: ["chai"] },
      /^resolverModules names chai, which exports no resolver made by defineResolver\.$/,
    ],
  ];
  for (const [what, config, message] of wrong) {
    it(`are refused: ${what}`, async () => {
      const error = await failureOf((async () => createApp(config, testContext()).getIamToken())());
      expect(error).to.be.instanceOf(OptionError);
      expect(error.message).to.match(message);
    });
  }
});
