import { expect } from "chai";
import { NoCredentialError } from "../../provider/core/words/errors";
import { Secret } from "../../provider/core/words/secret";
import { defineResolver, unavailable } from "../../sdk/nodejs/resolvers";
import { forProgram } from "../../sdk/nodejs/program-error";
import { sharedApp } from "../../sdk/nodejs/shared-app";
import { testContext } from "../support/context";
import { failureOf } from "../support/failure";

describe("an app that calls with equal arguments share", () => {
  const args = (token: string) => ({ iamToken: { token } });

  it("is the same while it is asked for with equal arguments, and another for others", async () => {
    const context = testContext();
    const [one, again, other] = ["t1.a", "t1.a", "t1.b"].map((token) => sharedApp(args(token), context));
    expect(again).to.equal(one);
    const tokens = await Promise.all([one, other].map(async (app) => app?.getIamToken()));
    expect(tokens.map((result) => result?.token.reveal())).to.deep.equal(["t1.a", "t1.b"]);
    const changed = args("t1.a");
    expect(sharedApp(changed, context)).to.equal(one);
    changed.iamToken.token = "t1.b";
    expect(sharedApp(changed, context)).to.equal(other);
  });

  it("is the same for one resolver of the user's own, and another for another", async () => {
    const context = testContext();
    const resolver = (name: string, token: string) =>
      defineResolver({
        name,
        summary: "O.",
        options: {},
        resolve: async () => ({ id: token, token: async () => ({ token: new Secret(token) }) }),
      });
    const [one, other] = [{ ...resolver("one", "t1.a"), client: {} }, resolver("other", "t1.b")];
    // JSON cannot show what refers to itself, as a client that a resolver holds may do.
    one.client = one;
    const app = sharedApp({ resolvers: [one] }, context);
    expect(sharedApp({ resolvers: [one] }, context)).to.equal(app);
    const orders = [[other], [one, "iamToken"], ["iamToken", one], [one, other], [other, one]];
    const apps = orders.map((resolvers) => sharedApp({ resolvers }, context));
    expect(new Set([app, ...apps]).size).to.equal(6);
    expect((await sharedApp({ resolvers: [other] }, context).getIamToken()).token.reveal()).to.equal("t1.b");
  });

  it("is not lost to those of resolvers that are made anew for each call", () => {
    const context = testContext();
    const app = sharedApp(args("t1.kept"), context);
    const resolve = async () => unavailable("no", "none");
    for (let call = 0; call < 20; call += 1) {
      const own = defineResolver({ name: "own", summary: "O.", options: {}, resolve });
      sharedApp({ resolvers: [own] }, context);
    }
    expect(sharedApp(args("t1.kept"), context)).to.equal(app);
  });

  it("fails all calls of one moment with one error, which each of them may mark", async () => {
    const app = sharedApp({ resolvers: ["iamToken"] }, testContext());
    const errors = await Promise.all([1, 2].map(async () => failureOf(app.getIamToken())));
    expect(new Set(errors.map(forProgram)).size).to.equal(1);
    expect(errors[0]).to.be.instanceOf(NoCredentialError);
  });

  it("is another when a variable that it has read is another, when it was made or later", async () => {
    const env: Record<string, string> = { YC_IAM_TOKEN: "t1.a" };
    const context = { ...testContext(), env };
    const first = sharedApp({}, context);
    env.UNHEARD_OF = "1";
    expect(sharedApp({}, context)).to.equal(first);
    env.YC_IAM_TOKEN = "t1.b";
    const second = sharedApp({}, context);
    expect((await second.getIamToken()).token.reveal()).to.equal("t1.b");
    const account = { workloadIdentity: { serviceAccountId: "ajeone" }, retries: 0 };
    const url = "ACTIONS_ID_TOKEN_REQUEST_URL";
    env[url] = "https://127.0.0.1:1";
    const third = sharedApp(account, context);
    expect(sharedApp(account, context)).to.equal(third);
    await third.getIamToken().catch(() => undefined);
    delete env[url];
    expect(sharedApp(account, context)).to.not.equal(third);
  });
});
