import { expect } from "chai";
import { ServiceError, ValidityError } from "../../../provider/core/words/errors";
import { Secret } from "../../../provider/core/words/secret";
import { failureOf } from "../../support/failure";
import { aCall, ask, HOUR, memoryStore, MINUTE, TokenWorld } from "./token-world";

const outage = () =>
  new ServiceError("POST iam/v1/tokens was refused (HTTP 503).", "status", { status: 503 });

describe("core/token/source", () => {
  let world: TokenWorld;
  beforeEach(() => {
    world = new TokenWorld();
  });

  it("warns without what a defect of a resolver says, which may hold anything", async () => {
    const source = world.source();
    await ask(source);
    world.pass(2 * HOUR);
    world.answers.push(new TypeError("CANARY"));
    expect(await ask(source)).to.equal("token-1");
    expect(world.warnings.join()).to.match(/10h are left of it: an unexpected TypeError at [^ ]+:\d+\.$/);
  });

  it("says why no longer life can be had when even a new token is too short", async () => {
    world.answers.push(world.token("short", 9 * MINUTE + 30_000));
    const error = await failureOf(ask(world.source()));
    expect(error).to.be.instanceOf(ValidityError);
    expect(error.message).to.equal(
      "the newest token that can be had lives only 9m 30s more; minRemainingValidity asks for 10m. A token lives at most " +
        "12h, and Yandex Cloud may hand the same one to several callers until it is near its end; the caller cannot ask for a longer life.",
    );
  });

  it("gives the longer one when what a renewal brings is shorter than what there is, and asks no more for a while", async () => {
    const source = world.source();
    await ask(source);
    world.pass(2 * HOUR);
    for (const name of ["short", "short-too"]) {
      world.answers.push(world.token(name, 6 * HOUR));
      for (let call = 0; call < 10; call += 1) expect(await ask(source)).to.equal("token-1");
      world.pass(HOUR);
    }
    expect([world.asked, world.warnings.length]).to.deep.equal([3, 0]);
    expect(await ask(source)).to.equal("token-4");
  });

  it("L6: a caller who allows more retries does again what failed on the terms of one who allows none", async () => {
    const source = world.source();
    world.answers.push(new Promise((_, reject) => setImmediate(() => reject(outage()))));
    const hasty = failureOf(ask(source));
    expect(await ask(source, { ...aCall(), retries: 4 })).to.equal("token-2");
    expect((await hasty).message).to.match(/503/);
  });

  it("L6: keeps nothing without a cache, and makes one exchange for all who ask at the same moment", async () => {
    const source = world.source({ cache: "none" });
    const tokens = await Promise.all(Array.from({ length: 10 }, () => ask(source)));
    expect([new Set(tokens).size, world.asked]).to.deep.equal([1, 1]);
    expect([await ask(source), world.asked]).to.deep.equal(["token-2", 2]);
  });

  it("gives nothing of a resolver's own that is no token", async () => {
    const texts = ["", "a token\n", "a b", "tok\u0435n", "x".repeat(4097)];
    const wrong = texts.map((text) => ({ token: new Secret(text) }));
    for (const cache of ["memory", "none"] as const)
      for (const answer of [...wrong, { token: new Secret("t1.x.y"), expiresAt: NaN }]) {
        world.answers.push(answer);
        const error = await failureOf(ask(world.source({ cache })));
        expect([error.code, error.message]).to.deep.equal([
          "ERR_YCIAM_CREDENTIAL",
          "credential gave what is no token: it is empty, too long, has a character that no token has, or dies at no time. Mend the resolver.",
        ]);
      }
  });

  it("lets no late answer of an abandoned call replace what came after it", async () => {
    const source = world.source();
    const controller = new AbortController();
    let answerLate: (token: ReturnType<TokenWorld["token"]>) => void = () => undefined;
    world.answers.push(new Promise((resolve) => (answerLate = resolve)));
    const abandoned = failureOf(ask(source, aCall(controller.signal)));
    const lasting = world.token("late", 12 * HOUR);
    controller.abort(new Error("enough"));
    await abandoned;
    expect(await ask(source)).to.equal("token-2");
    answerLate(lasting);
    await new Promise((done) => setImmediate(done));
    expect(await ask(source)).to.equal("token-2");
  });

  it("hands out a token of unknown life, renews it after refreshAfter, and promises nothing of it when that fails", async () => {
    const source = world.source();
    const { token } = world.token("endless");
    world.answers.push({ token });
    expect(await ask(source)).to.equal("endless");
    world.pass(HOUR - 1);
    expect(await ask(source)).to.equal("endless");
    world.pass(1);
    const cause = outage();
    world.answers.push(cause);
    expect(await failureOf(ask(source))).to.equal(cause);
  });
});

describe("core/token/source, with a store", () => {
  const material = new Secret("the key");
  let first: TokenWorld;
  let second: TokenWorld;
  let shared: ReturnType<typeof memoryStore>;
  beforeEach(() => {
    // Two processes: each has a memory of its own, and both have the disk.
    [first, second, shared] = [new TokenWorld(), new TokenWorld(), memoryStore()];
  });
  const sourceOf = (world: TokenWorld, more = {}) => world.source({ store: shared.store, material, ...more });

  it("keeps nothing of a credential without secret material", async () => {
    await ask(first.source({ store: shared.store }));
    expect(shared.entries.size).to.equal(0);
  });

  it("goes on with its own when another process stored a shorter one, and asks no more for a while", async () => {
    await ask(sourceOf(first));
    shared.entries.clear();
    second.pass(2 * HOUR);
    second.answers.push(second.token("short", 6 * HOUR));
    await ask(sourceOf(second));
    first.pass(2 * HOUR);
    for (let call = 0; call < 3; call += 1) expect(await ask(sourceOf(first))).to.equal("token-1");
    expect(first.asked).to.equal(1);
  });

  it("keeps what is newer than the entry of a store that could not be written, though that lives as long", async () => {
    await ask(sourceOf(first));
    const stale = new Map(shared.entries);
    first.pass(HOUR);
    first.answers.push(first.token("newer", 11 * HOUR), outage());
    expect(await ask(sourceOf(first))).to.equal("newer");
    for (const [name, entry] of stale) shared.entries.set(name, entry);
    first.pass(HOUR);
    expect(await ask(sourceOf(first))).to.equal("newer");
    expect(first.warnings).to.have.length(1);
  });

  it("serves an old entry to one caller, and says to another how long it lives, when both wait for one attempt that fails", async () => {
    await ask(sourceOf(first));
    second.pass(11 * HOUR);
    second.answers.push(outage());
    const strict = failureOf(ask(sourceOf(second, { policy: { minRemainingMs: 6 * HOUR } })));
    expect(await ask(sourceOf(second))).to.equal("token-1");
    expect((await strict).message).to.match(/the old one lives only 1h more.*asks for 6h/);
    expect([second.asked, second.warnings.length]).to.deep.equal([1, 1]);
  });
});
