import { expect } from "chai";
import { OptionError } from "../../../provider/core/words/errors";
import { defineResolver, type Resolver, unavailable } from "../../../provider/core/chain/resolver";
import { checkGroups, groupOptions, selectCandidates } from "../../../provider/core/chain/selection";

function resolver(name: string, more: Partial<Resolver> = {}): Resolver {
  const options = { file: { kind: "path", env: [`${name.toUpperCase()}_FILE`], doc: "" } } as const;
  return defineResolver({ name, summary: "", options, resolve: async () => unavailable("", ""), ...more });
}

const first = resolver("firstKey");
const second = resolver("second");
const costly = resolver("costly", { onlyWhenNamed: true });
const builtIn = [first, second, costly];

/** The names to try, in order, with what is said of each: `*` named, `!` the only one. */
function select(config: object, names?: readonly string[], own: readonly Resolver[] = []): readonly string[] {
  return selectCandidates({ ...config }, names, { builtIn, own }).map(
    ({ resolver, named, only }) => `${resolver.name}${named ? "*" : ""}${only ? "!" : ""}`,
  );
}

describe("core/selection", () => {
  it("is the default chain when nothing is said, without what must be named", () => {
    expect(select({})).to.deep.equal(["firstKey", "second"]);
    expect(select({ second: undefined, firstKey: null, cache: "none" })).to.deep.equal([
      "firstKey",
      "second",
    ]);
  });

  it("is the only resolver that options are given for, even when they are empty", () => {
    expect(select({ second: { file: "x" } })).to.deep.equal(["second*!"]);
    expect(select({ costly: {} })).to.deep.equal(["costly*!"]);
  });

  it("is the default chain when options are given for several, with those among it", () => {
    expect(select({ second: {}, firstKey: {} })).to.deep.equal(["firstKey*", "second*"]);
    expect(select({ second: {}, costly: {} })).to.deep.equal(["firstKey", "second*", "costly*"]);
  });

  it("is the list that is given, in its order, whatever has options", () => {
    expect(select({ firstKey: {} }, ["costly", "second"])).to.deep.equal(["costly*", "second*"]);
    expect(select({ firstKey: {} }, ["second"])).to.deep.equal(["second*!"]);
  });

  it("knows a name in snake case and in kebab case too", () => {
    expect(select({}, ["first_key", "first-key", "firstKey"])).to.deep.equal([
      "firstKey*",
      "firstKey*",
      "firstKey*",
    ]);
  });

  it("tries resolvers of the user's own after the built-in ones, and by name", () => {
    expect(select({}, undefined, [resolver("mine")])).to.deep.equal(["firstKey", "second", "mine"]);
    expect(select({ mine: {} }, undefined, [resolver("mine")])).to.deep.equal(["mine*!"]);
    expect(select({}, ["mine"], [resolver("mine")])).to.deep.equal(["mine*!"]);
  });

  it("refuses a name that nobody has, lists those there are, and shows nothing that looks like no name", () => {
    const known = "firstKey, second, costly, mine";
    const noName = "something that is no name";
    for (const [name, shown] of [
      ["nope", '"nope"'],
      ["x".repeat(41), noName],
      ["Q0FOQVJZ+/==", noName],
      ["", noName],
      ["Second", '"Second"'],
    ] as const) {
      expect(() => select({}, ["second", name], [resolver("mine")]))
        .to.throw(OptionError, `resolvers names ${shown}, which is none of: ${known}.`)
        .with.property("option", "resolvers");
    }
  });

  it("refuses two resolvers of one name, and takes the same one twice for one", () => {
    const mine = resolver("mine");
    expect(select({}, ["mine"], [mine, mine])).to.deep.equal(["mine*!"]);
    for (const own of [[resolver("second")], [mine, resolver("mine")]]) {
      expect(() => select({}, undefined, own)).to.throw(
        OptionError,
        `two resolvers are named ${own[0]?.name}. Rename the one of your own.`,
      );
    }
  });
});

describe("core/selection, groups of options", () => {
  it("reads a group from the options, and from variables what is not given", () => {
    const read = groupOptions({ second: {} }, "second", second.options, { SECOND_FILE: "y" });
    expect(read.values).to.deep.equal({ file: "y" });
    expect(groupOptions({}, "second", second.options, {}).values).to.deep.equal({});
  });

  it("takes every resolver's options, and impersonation", () => {
    expect(() =>
      checkGroups({ second: { file: "x" }, impersonate: { serviceAccountId: "y" } }, builtIn),
    ).to.not.throw();
    expect(() => checkGroups({ second: null, costly: undefined }, builtIn)).to.not.throw();
  });

  const wrong: readonly [string, object, RegExp][] = [
    [
      "a group that does not exist",
      { third: {} },
      /^there is no option third\. Known here: .*firstKey, second, costly, impersonate\.$/,
    ],
    [
      "an option that a group does not have",
      { second: { path: "x" } },
      /^there is no option second\.path\. Known here: second\.file\.$/,
    ],
    [
      "a text in place of a group",
      { second: "CANARY" },
      /^second must be an object with some of: second\.file\.$/,
    ],
    [
      "a list in place of a group",
      { second: ["CANARY"] },
      /^second must be an object with some of: second\.file\.$/,
    ],
    [
      "a wrong value of a resolver that will not be tried",
      { costly: { file: 1 } },
      /^costly\.file must be a string\.$/,
    ],
    [
      "an empty impersonation",
      { impersonate: { serviceAccountId: "" } },
      /^impersonate\.serviceAccountId is empty\./,
    ],
  ];
  for (const [what, config, message] of wrong) {
    it(`refuses ${what}`, () => {
      expect(() => checkGroups({ ...config }, builtIn)).to.throw(OptionError, message);
    });
  }
});
