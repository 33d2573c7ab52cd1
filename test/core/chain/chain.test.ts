import { expect } from "chai";
import { Chain } from "../../../provider/core/chain/chain";
import { explain } from "../../../provider/core/chain/explain";
import { type AppConfig, readPlan } from "../../../provider/core/chain/plan";
import { defineResolver, type Resolver, unavailable } from "../../../provider/core/chain/resolver";
import type { Env } from "../../../provider/core/context";
import { startCall } from "../../../provider/core/token/call";
import type { TokenSource } from "../../../provider/core/token/source";
import { CredentialError, OptionError, ServiceError } from "../../../provider/core/words/errors";
import { option, say } from "../../../provider/core/words/message";
import { Secret } from "../../../provider/core/words/secret";
import { testContext } from "../../support/context";
import { everyText } from "../../support/every-text";
import { failureOf } from "../../support/failure";

const absent = unavailable(say`no ${option("a.b")} is given`, say`set ${option("a.b")}`);
const shout = (path: string) => path.toUpperCase();
const call = () => startCall(new AbortController().signal, 5000);

function resolver(name: string, resolve: Resolver["resolve"], more: Partial<Resolver> = {}): Resolver {
  const options = { file: { kind: "path", env: [`${name.toUpperCase()}_FILE`], doc: "" } } as const;
  return defineResolver({ name, summary: "", options, resolve, ...more });
}

const source =
  (id: string, token: TokenSource["token"] = async () => ({ token: new Secret(`token-of-${id}`) })) =>
  async () => ({ id, token });
const fails = (error: Error) => async () => {
  throw error;
};

/** A chain of resolvers that note that they were opened, and then do what they are made for. */
function chainOf(kinds: Readonly<Record<string, Resolver["resolve"]>>, config: AppConfig = {}) {
  const opened: string[] = [];
  const all = Object.entries(kinds).map(([name, resolve]) =>
    resolver(name, async (input) => {
      opened.push(name);
      return resolve(input);
    }),
  );
  const context = testContext({ spelling: shout });
  return { opened, chain: new Chain(readPlan(config, {}, all), context), context };
}

const FAILURES: readonly [string, Error][] = [
  ["is malformed", new CredentialError(say`${option("a.b")} is bad.`)],
  ["has a wrong option", new OptionError("bad option", "a")],
  ["cannot be reached", new ServiceError("503.", "status")],
  ["fails in a way nobody thought of", new TypeError("CANARY")],
];

describe("core/chain", () => {
  it("takes the first that has a credential, and opens no other after it", async () => {
    const { chain, opened } = chainOf({ a: async () => absent, b: source("b"), c: source("c") });
    const { candidate, source: chosen } = await chain.choose(call());
    expect([candidate.resolver.name, opened]).to.deep.equal(["b", ["a", "b"]]);
    expect((await chosen.token(call())).token.reveal()).to.equal("token-of-b");
  });

  for (const [how, error] of FAILURES) {
    it(`stops at a credential that ${how}: another identity must not be used silently`, async () => {
      const { chain, opened } = chainOf({ a: async () => absent, b: fails(error), c: source("c") });
      expect(await failureOf(chain.choose(call()))).to.equal(error);
      expect(opened).to.deep.equal(["a", "b"]);
    });
  }

  it("keeps to the candidate that answered before, though it has no credential any more", async () => {
    let answers = 0;
    const { chain, opened } = chainOf({
      a: async () => ((answers += 1) === 1 ? source("a")() : absent),
      b: source("b"),
    });
    const { candidate } = await chain.choose(call());
    const error = await failureOf(chain.choose(call(), candidate));
    expect(error).to.be.instanceOf(ServiceError);
    expect(error.message).to.match(
      /^the credential that gave tokens so far gives none any more: no a\.b is given\./,
    );
    expect(opened).to.deep.equal(["a", "a"]);
  });
});

describe("core/chain/explain", () => {
  const told = async (kinds: Readonly<Record<string, Resolver["resolve"]>>, verify = true) => {
    const { chain, opened } = chainOf(kinds);
    const { resolvers } = await explain(chain, call(), verify);
    return {
      opened,
      rows: resolvers.map(({ durationMs, ...row }) => (expect(durationMs).to.be.at.least(0), row)),
      text: everyText(resolvers),
    };
  };

  it("tells the same as a run that works: unavailable, used, not tried", async () => {
    const { rows, opened } = await told({ a: async () => absent, b: source("b"), c: source("c") });
    expect(rows).to.deep.equal([
      { resolver: "a", outcome: "unavailable", reason: "no A.B is given", remedy: "set A.B" },
      { resolver: "b", outcome: "used" },
      { resolver: "c", outcome: "notTried", reason: "an earlier resolver settled it" },
    ]);
    expect(opened).to.deep.equal(["a", "b"]);
  });

  const MEND = "mend this credential, or take it away so that the next resolver is tried";
  const WAIT = "find out why the service cannot be used, then try again";
  const told_of: readonly [RegExp, string][] = [
    [/^A\.B is bad\.$/, MEND],
    [/^bad option$/, MEND],
    [/^503\.$/, WAIT],
    [/^it threw an unexpected TypeError at \S+:\d+$/, "report this defect to who made the resolver"],
  ];
  for (const [index, [how, error]] of FAILURES.entries()) {
    it(`${index === 3 ? "E5: " : ""}tells of a credential that ${how}, and that it settles the chain`, async () => {
      const [reason, remedy] = told_of[index] as [RegExp, string];
      for (const kind of [fails(error), source("a", fails(error))]) {
        const { rows, text } = await told({ a: kind, b: source("b") });
        expect(rows[0]).to.include({ resolver: "a", outcome: "failed", remedy });
        expect(rows[0]?.reason).to.match(reason);
        expect(rows[1]?.outcome).to.equal("notTried");
        expect(text).to.not.contain("CANARY");
      }
    });
  }

  it("asks for no token unless it is to verify, and holds no secret", async () => {
    const never = source("a", fails(new Error("it was asked")));
    expect((await told({ a: never }, false)).rows).to.deep.equal([{ resolver: "a", outcome: "used" }]);
    const { text } = await told({ a: source("a", async () => ({ token: new Secret("CANARY") })) });
    expect(text).to.not.contain("CANARY");
  });
});

const absentFor = (name: string, more: Partial<Resolver> = {}) => resolver(name, async () => absent, more);
const [first, second] = [absentFor("firstKey"), absentFor("second")];
const builtIn = [first, second, absentFor("costly", { onlyWhenNamed: true })];

/** The names to try, in order, with what is said of each: `*` named, `!` the only one. */
function select(config: AppConfig, env: Env = {}): readonly string[] {
  const marks = (named: boolean, only: boolean) => `${named ? "*" : ""}${only ? "!" : ""}`;
  const { candidates = [] } = readPlan(config, env, builtIn);
  return candidates.map(({ resolver, named, only }) => `${resolver.name}${marks(named, only)}`);
}

describe("core/chain/plan", () => {
  const mine = absentFor("mine");
  const selections: readonly [string, AppConfig, readonly string[]][] = [
    ["nothing", {}, ["firstKey", "second"]],
    ["nulls", { second: undefined, firstKey: null, cache: "none" }, ["firstKey", "second"]],
    ["options for one", { second: { file: "x" } }, ["second*!"]],
    ["empty options for one", { costly: {} }, ["costly*!"]],
    ["options for several", { second: {}, firstKey: {} }, ["firstKey*", "second*"]],
    ["options for one that must be named", { second: {}, costly: {} }, ["firstKey", "second*", "costly*"]],
    ["a list", { firstKey: {}, resolvers: ["costly", "second"] }, ["costly*", "second*"]],
    ["one name", { firstKey: {}, resolvers: ["second"] }, ["second*!"]],
    ["names in other cases", { resolvers: ["first_key", "first-key"] }, ["firstKey*", "firstKey*"]],
    ["a resolver of one's own", { resolvers: [mine] }, ["mine*!"]],
    ["the same one twice", { resolvers: [mine, mine] }, ["mine*", "mine*"]],
  ];
  for (const [what, config, expected] of selections) {
    it(`chooses ${expected.join(", ")} of ${what}`, () => {
      expect(select(config)).to.deep.equal(expected);
    });
  }

  it("takes names from a variable, and options from variables where none are given", () => {
    expect(select({}, { YCIAM_RESOLVERS: "second, costly" })).to.deep.equal(["second*", "costly*"]);
    const [candidate] = readPlan({ second: {} }, { SECOND_FILE: "y" }, builtIn).candidates ?? [];
    expect(candidate?.read.values).to.deep.equal({ file: "y" });
    expect(candidate?.read.isFromVariable("file")).to.equal(true);
  });

  it("is frozen, and reads the environment once", () => {
    const env: Record<string, string> = { SECOND_FILE: "y" };
    const plan = readPlan({}, env, builtIn);
    env.SECOND_FILE = "z";
    expect(Object.isFrozen(plan)).to.equal(true);
    expect(plan.candidates?.[1]?.read.values).to.deep.equal({ file: "y" });
  });

  const noName = "something that is no name";
  for (const [name, shown] of [
    ["nope", '"nope"'],
    ["x".repeat(41), noName],
    ["Q0FOQVJZ+/==", noName],
    ["Second", '"Second"'],
  ] as const) {
    it(`refuses the name ${name.slice(0, 12)}, lists those there are, and shows nothing that looks like no name`, () => {
      expect(() => select({ resolvers: ["second", name] }))
        .to.throw(OptionError, `resolvers names ${shown}, which is none of: firstKey, second, costly.`)
        .with.property("option", "resolvers");
    });
  }

  const unknown = /^there is no option third\. Known here: .*costly, impersonate\.$/;
  const noPath = /^there is no option second\.path\. Known here: second\.file\.$/;
  const noGroup = /^second must be an object with some of: second\.file\.$/;
  const untried = { costly: { file: 1 }, resolvers: ["second"] };
  const noAccount = { impersonate: { serviceAccountId: "" } };
  const twice = /^two resolvers are named second\. Rename the one of your own\.$/;
  const mineTwice = /^two resolvers are named mine\. Rename the one of your own\.$/;
  const wrong: readonly [string, AppConfig, RegExp][] = [
    ["a group that does not exist", { third: {} }, unknown],
    ["an option that a group has not", { second: { path: "x" } }, noPath],
    ["a text in place of a group", { second: "CANARY" }, noGroup],
    ["a list in place of a group", { second: ["CANARY"] }, noGroup],
    ["a value of one that will not be tried", untried, /^costly\.file must be a string\.$/],
    ["an empty impersonation", noAccount, /^impersonate\.serviceAccountId is empty\./],
    [
      "a resolver whose name is not in camelCase",
      { resolvers: [absentFor("My Own")] },
      /a name in camelCase\.$/,
    ],
    ["a resolver of a built-in one's name", { resolvers: [absentFor("second")] }, twice],
    ["two resolvers of one name", { resolvers: [mine, absentFor("mine")] }, mineTwice],
  ];
  for (const [what, config, message] of wrong) {
    it(`refuses ${what}`, () => {
      expect(() => select(config)).to.throw(OptionError, message);
    });
  }
});
