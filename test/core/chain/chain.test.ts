import { expect } from "chai";
import { type Attempt, explainChain, type Link, runChain } from "../../../provider/core/chain/chain";
import {
  CredentialError,
  NoCredentialError,
  OptionError,
  ServiceError,
} from "../../../provider/core/words/errors";
import { option, say } from "../../../provider/core/words/message";
import { type TokenSource, unavailable } from "../../../provider/core/chain/resolver";
import { Secret } from "../../../provider/core/words/secret";
import { everyText } from "../../support/every-text";

const call = { signal: new AbortController().signal, remaining: () => 1000 };
const ask = (source: TokenSource) => source.token(call);
const absent = unavailable(say`no ${option("a.b")} is given`, say`set ${option("a.b")}`);
const shout = (path: string) => path.toUpperCase();

/** Links that note that they were opened, and then do what they are made for. */
function links(...kinds: readonly (readonly [string, () => TokenSource | typeof absent])[]) {
  const opened: string[] = [];
  const all = kinds.map(([resolver, open]): Link => ({
    resolver,
    open: async () => {
      opened.push(resolver);
      return open();
    },
  }));
  return { opened, all };
}

const source =
  (id: string, token: TokenSource["token"] = async () => ({ token: new Secret(`token of ${id}`) })) =>
  () => ({ id, token });
const fails = (error: Error) => () => {
  throw error;
};

describe("core/chain", () => {
  it("takes the first that has a credential, and opens no other after it", async () => {
    const { all, opened } = links(["a", () => absent], ["b", source("b")], ["c", source("c")]);
    const { resolver, token } = await runChain(all, ask);
    expect([resolver, token.token.reveal(), opened]).to.deep.equal(["b", "token of b", ["a", "b"]]);
  });

  it("moves on when a source finds out late that nobody answers", async () => {
    const { all } = links(["a", source("a", async () => absent)], ["b", source("b")]);
    expect((await runChain(all, ask)).resolver).to.equal("b");
  });

  const failures: readonly [string, Error][] = [
    ["is malformed", new CredentialError("bad key")],
    ["has a wrong option", new OptionError("bad option", "a")],
    ["cannot be reached", new ServiceError("nobody there", "unreachable")],
    ["fails in a way nobody thought of", new TypeError("bug")],
  ];
  for (const [how, error] of failures) {
    it(`stops at a credential that ${how}: another identity must not be used silently`, async () => {
      for (const link of [fails(error), source("b", async () => fails(error)())]) {
        const { all, opened } = links(["a", () => absent], ["b", link], ["c", source("c")]);
        const end: unknown = await runChain(all, ask).catch((caught: unknown) => caught);
        expect(end).to.equal(error);
        expect(opened).to.deep.equal(["a", "b"]);
      }
    });
  }

  it("lists every reason and remedy when nobody has a credential", async () => {
    const { all } = links(
      ["a", () => absent],
      ["b", source("b", async () => unavailable("nobody answers", "go there"))],
    );
    const end: unknown = await runChain(all, ask).catch((caught: unknown) => caught);
    expect(end).to.be.instanceOf(NoCredentialError);
    expect((end as NoCredentialError).refusals.map(({ resolver }) => resolver)).to.deep.equal(["a", "b"]);
    expect((end as NoCredentialError).messageFor(shout)).to.equal(
      "No credential was found. Tried, in this order:\n  a: no A.B is given. To use it: set A.B.\n  b: nobody answers. To use it: go there.",
    );
  });
});

describe("core/chain, explained", () => {
  const rows = (attempts: readonly Attempt[]) =>
    attempts.map(({ durationMs, ...row }) => (expect(durationMs).to.be.at.least(0), row));
  const SETTLED = { outcome: "notTried", reason: "an earlier resolver settled it" };

  it("tells the same as a run that works: unavailable, used, not tried", async () => {
    const { all, opened } = links(["a", () => absent], ["b", source("b")], ["c", source("c")]);
    expect(rows(await explainChain(all, ask, shout))).to.deep.equal([
      { resolver: "a", outcome: "unavailable", reason: "no A.B is given", remedy: "set A.B" },
      { resolver: "b", outcome: "used" },
      { resolver: "c", ...SETTLED },
    ]);
    expect(opened).to.deep.equal(["a", "b"]);
  });

  it("tells of a failure with its remedy, and that it settles the chain", async () => {
    const bad = new CredentialError(say`${option("a.b")} is bad.`);
    const { all } = links(["a", fails(bad)], ["b", source("b")]);
    expect(rows(await explainChain(all, ask, shout))).to.deep.equal([
      {
        resolver: "a",
        outcome: "failed",
        reason: "A.B is bad.",
        remedy: "mend this credential, or take it away so that the next resolver is tried",
      },
      { resolver: "b", ...SETTLED },
    ]);
  });

  it("tells of a service that fails without blaming the credential", async () => {
    const { all } = links(["a", source("a", async () => fails(new ServiceError("503.", "status"))())]);
    const [row] = rows(await explainChain(all, ask, shout));
    expect(row).to.include({ outcome: "failed", reason: "503." });
    expect(row?.remedy).to.equal("find out why the service cannot be used, then try again");
  });

  it("does not take a bug, or an abort, for a failed credential", async () => {
    const { all } = links(["a", fails(new TypeError("bug"))]);
    expect(await explainChain(all, ask, shout).catch((error: unknown) => error)).to.be.instanceOf(TypeError);
  });

  it("holds no secret", async () => {
    const { all } = links(["a", source("a", async () => ({ token: new Secret("CANARY-of-a-token") }))]);
    expect(everyText(await explainChain(all, ask, shout))).to.not.contain("CANARY");
  });

  it("measures each one's time", async () => {
    const slow = source("a", async () => {
      await new Promise((done) => setTimeout(done, 200));
      return absent;
    });
    const [first, second] = await explainChain(links(["a", slow], ["b", source("b")]).all, ask, shout);
    expect(first?.durationMs).to.be.within(195, 5000);
    expect(second?.durationMs).to.be.below(195);
  });
});
