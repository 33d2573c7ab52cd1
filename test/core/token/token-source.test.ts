import { expect } from "chai";
import { CredentialError, ServiceError, ValidityError } from "../../../provider/core/words/errors";
import { unavailable } from "../../../provider/core/chain/resolver";
import { Secret } from "../../../provider/core/words/secret";
import { aCall, ask, failureOf, HOUR, memoryStore, MINUTE, TokenWorld } from "./token-world";

const outage = () =>
  new ServiceError("POST iam/v1/tokens was refused (HTTP 503).", "status", { status: 503 });

describe("core/token-source", () => {
  let world: TokenWorld;
  beforeEach(() => {
    world = new TokenWorld();
  });

  it("serves a token from memory while it is younger than refreshAfter", async () => {
    const source = world.source();
    expect(await ask(source)).to.equal("token 1");
    world.pass(HOUR - 1);
    expect([await ask(source), world.asked]).to.deep.equal(["token 1", 1]);
  });

  it("renews it on call when it is older", async () => {
    const source = world.source();
    await ask(source);
    world.pass(HOUR);
    expect([await ask(source), await ask(source), world.asked]).to.deep.equal(["token 2", "token 2", 2]);
  });

  it("does not ask at every call when IAM hands the same token out again", async () => {
    const source = world.source();
    const same = world.token("same");
    world.answers.push(same, same);
    await ask(source);
    world.pass(HOUR);
    expect([await ask(source), await ask(source), world.asked]).to.deep.equal(["same", "same", 2]);
  });

  it("serves the old one when renewal fails, and warns with the cause", async () => {
    const source = world.source();
    await ask(source);
    world.pass(2 * HOUR);
    world.answers.push(outage());
    expect(await ask(source)).to.equal("token 1");
    expect(world.warnings).to.deep.equal([
      "could not renew the IAM token; the old one is used, 10h are left of it: POST iam/v1/tokens was refused (HTTP 503).",
    ]);
  });

  it("warns without what a defect of a resolver says, which may hold anything", async () => {
    const source = world.source();
    await ask(source);
    world.pass(2 * HOUR);
    world.answers.push(new TypeError("CANARY"));
    expect(await ask(source)).to.equal("token 1");
    expect(world.warnings.join()).to.match(/10h are left of it: an unexpected TypeError at [^ ]+:\d+\.$/);
  });

  it("waits a while before it tries again and warns again, and then recovers", async () => {
    const source = world.source();
    await ask(source);
    world.pass(2 * HOUR);
    world.answers.push(outage(), outage());
    for (let count = 0; count < 5; count += 1) await ask(source);
    expect([world.asked, world.warnings.length]).to.deep.equal([2, 1]);
    world.pass(MINUTE);
    await ask(source);
    expect([world.asked, world.warnings.length]).to.deep.equal([3, 2]);
    world.pass(MINUTE);
    expect(await ask(source)).to.equal("token 4");
  });

  it("says how long the old one lives, what is asked for and why renewal failed, when that is too short", async () => {
    const source = world.source();
    await ask(source);
    world.pass(11 * HOUR + 55 * MINUTE);
    world.answers.push(outage());
    const error = await failureOf(source);
    expect(error).to.be.instanceOf(ValidityError);
    expect(error.message).to.equal(
      "the token could not be renewed, and the old one lives only 5m more; minRemainingValidity asks for 10m. " +
        "The renewal failed: POST iam/v1/tokens was refused (HTTP 503).",
    );
  });

  it("fails with the cause alone when the old one is dead", async () => {
    const source = world.source();
    await ask(source);
    world.pass(12 * HOUR);
    const cause = outage();
    world.answers.push(cause);
    expect(await failureOf(source)).to.equal(cause);
  });

  it("says why no longer life can be had when even a new token is too short", async () => {
    world.answers.push(world.token("short", 9 * MINUTE + 30_000));
    const error = await failureOf(world.source());
    expect(error).to.be.instanceOf(ValidityError);
    expect(error.message).to.equal(
      "the newest token that can be had lives only 9m 30s more; minRemainingValidity asks for 10m. A token lives at most " +
        "12h, and Yandex Cloud may hand the same one to several callers until it is near its end; the caller cannot ask for a longer life.",
    );
  });

  it("never hands out a token with less left than asked, to the millisecond", async () => {
    const source = world.source({ policy: { refreshAfterMs: 24 * HOUR } });
    await ask(source);
    world.pass(12 * HOUR - 10 * MINUTE);
    expect(await ask(source)).to.equal("token 1");
    world.pass(1);
    expect(await ask(source)).to.equal("token 2");
  });

  it("keeps no failure: the next call asks again", async () => {
    const source = world.source();
    const cause = new CredentialError("the key was refused");
    world.answers.push(cause);
    expect(await failureOf(source)).to.equal(cause);
    expect([await ask(source), world.asked]).to.deep.equal(["token 2", 2]);
    expect(world.warnings).to.deep.equal([]);
  });

  it("gives the longer one when what a renewal brings is shorter than what there is, and asks no more for a while", async () => {
    const source = world.source();
    await ask(source);
    world.pass(2 * HOUR);
    for (const name of ["short", "short too"]) {
      world.answers.push(world.token(name, 6 * HOUR));
      for (let call = 0; call < 10; call += 1) expect(await ask(source)).to.equal("token 1");
      world.pass(HOUR);
    }
    expect([world.asked, world.warnings.length]).to.deep.equal([3, 0]);
    expect(await ask(source)).to.equal("token 4");
  });

  it("makes one exchange for a thousand callers, and gives all of them its failure too", async () => {
    const source = world.source();
    world.answers.push(outage());
    const failures = await Promise.all(Array.from({ length: 1000 }, () => failureOf(source)));
    expect([new Set(failures).size, world.asked]).to.deep.equal([1, 1]);
    const tokens = await Promise.all(Array.from({ length: 1000 }, () => ask(source)));
    expect([new Set(tokens).size, world.asked]).to.deep.equal([1, 2]);
  });

  it("shares what is known between sources of one credential, judged by each one's own policy", async () => {
    const [lax, strict] = [world.source(), world.source({ policy: { minRemainingMs: 11 * HOUR } })];
    expect([await ask(lax), await ask(strict)]).to.deep.equal(["token 1", "token 1"]);
    world.pass(30 * MINUTE);
    expect(await ask(lax)).to.equal("token 1");
    world.pass(31 * MINUTE);
    expect(await ask(strict)).to.equal("token 2");
    expect(await ask(world.source({ key: "another" }))).to.equal("token 3");
  });

  it("gives an abandoned caller the abort's reason, not the old token", async () => {
    const source = world.source();
    await ask(source);
    world.pass(2 * HOUR);
    const controller = new AbortController();
    world.answers.push(new Promise(() => undefined));
    const pending = failureOf(source, aCall(controller.signal));
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await pending).to.equal(reason);
    expect(world.warnings).to.deep.equal([]);
  });

  it("lets no late answer of an abandoned call replace what came after it", async () => {
    const source = world.source();
    const controller = new AbortController();
    let answerLate: (token: ReturnType<TokenWorld["token"]>) => void = () => undefined;
    world.answers.push(new Promise((resolve) => (answerLate = resolve)));
    const abandoned = failureOf(source, aCall(controller.signal));
    const lasting = world.token("late", 12 * HOUR);
    controller.abort(new Error("enough"));
    await abandoned;
    expect(await ask(source)).to.equal("token 2");
    answerLate(lasting);
    await new Promise((done) => setImmediate(done));
    expect(await ask(source)).to.equal("token 2");
  });
});

describe("core/token-source, when there is nothing or nothing is promised", () => {
  let world: TokenWorld;
  beforeEach(() => {
    world = new TokenWorld();
  });
  const absent = unavailable("nobody answers", "go there");

  it("passes on that there is no credential", async () => {
    world.answers.push(absent);
    expect(await ask(world.source())).to.equal("unavailable: nobody answers");
  });

  it("serves the old one, with a warning, when the credential's service is gone", async () => {
    const source = world.source();
    await ask(source);
    world.pass(2 * HOUR);
    world.answers.push(absent);
    expect(await ask(source)).to.equal("token 1");
    expect(world.warnings).to.deep.equal([
      "could not renew the IAM token; the old one is used, 10h are left of it: nobody answers",
    ]);
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
    expect(await failureOf(source)).to.equal(cause);
  });
});

describe("core/token-source, when clocks jump", () => {
  let world: TokenWorld;
  beforeEach(() => {
    world = new TokenWorld();
  });

  it("renews after a sleep that no timer saw", async () => {
    const source = world.source();
    await ask(source);
    world.wall += 13 * HOUR;
    expect(await ask(source)).to.equal("token 2");
  });

  it("does not bring a dead token to life when the wall clock is set back", async () => {
    const source = world.source();
    await ask(source);
    world.pass(13 * HOUR);
    world.wall -= 13 * HOUR;
    world.answers.push(outage());
    expect(await failureOf(source)).to.be.instanceOf(ServiceError);
  });

  it("goes on with the tokens of a clock that was an hour ahead and is set right", async () => {
    const source = world.source();
    await ask(source);
    world.wall -= HOUR;
    expect(await ask(source)).to.match(/^token [12]$/);
    world.pass(10 * MINUTE);
    expect(await ask(source)).to.match(/^token [12]$/);
  });
});

describe("core/token-source, with a store", () => {
  const material = new Secret("the key");
  let first: TokenWorld;
  let second: TokenWorld;
  let shared: ReturnType<typeof memoryStore>;
  beforeEach(() => {
    // Two processes: each has a memory of its own, and both have the disk.
    [first, second, shared] = [new TokenWorld(), new TokenWorld(), memoryStore()];
  });
  const sourceOf = (world: TokenWorld, more = {}) => world.source({ store: shared.store, material, ...more });

  it("gives the next process the same token without asking anybody", async () => {
    expect([await ask(sourceOf(first)), await ask(sourceOf(second))]).to.deep.equal(["token 1", "token 1"]);
    expect([first.asked, second.asked]).to.deep.equal([1, 0]);
  });

  it("keeps nothing of a credential without secret material", async () => {
    await ask(first.source({ store: shared.store }));
    expect(shared.entries.size).to.equal(0);
  });

  it("renews an old entry, and stores the new one", async () => {
    await ask(sourceOf(first));
    second.pass(2 * HOUR);
    second.answers.push(second.token("renewed"));
    expect(await ask(sourceOf(second))).to.equal("renewed");
    first.pass(2 * HOUR);
    expect([await ask(sourceOf(first)), first.asked]).to.deep.equal(["renewed", 1]);
  });

  it("stores the longer one as what was asked for last, when what a renewal brings is shorter", async () => {
    await ask(sourceOf(first));
    first.pass(2 * HOUR);
    first.answers.push(first.token("short", 6 * HOUR));
    await ask(sourceOf(first));
    second.pass(2 * HOUR);
    expect([await ask(sourceOf(second)), second.asked]).to.deep.equal(["token 1", 0]);
  });

  it("goes on with its own when another process stored a shorter one, and asks no more for a while", async () => {
    await ask(sourceOf(first));
    shared.entries.clear();
    second.pass(2 * HOUR);
    second.answers.push(second.token("short", 6 * HOUR));
    await ask(sourceOf(second));
    first.pass(2 * HOUR);
    for (let call = 0; call < 3; call += 1) expect(await ask(sourceOf(first))).to.equal("token 1");
    expect(first.asked).to.equal(1);
  });

  it("serves an old entry of another process, with a warning, when renewal fails", async () => {
    await ask(sourceOf(first));
    second.pass(2 * HOUR);
    second.answers.push(outage());
    expect(await ask(sourceOf(second))).to.equal("token 1");
    expect(second.warnings).to.have.length(1);
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

  it("takes no entry that is too short for this caller", async () => {
    await ask(sourceOf(first));
    second.pass(HOUR - 1);
    expect(await ask(sourceOf(second, { policy: { minRemainingMs: 11 * HOUR + 30 * MINUTE } }))).to.equal(
      "token 1",
    );
    expect(second.asked).to.equal(1);
  });

  it("serves an old entry to one caller, and says to another how long it lives, when both wait for one attempt that fails", async () => {
    await ask(sourceOf(first));
    second.pass(11 * HOUR);
    second.answers.push(outage());
    const strict = failureOf(sourceOf(second, { policy: { minRemainingMs: 6 * HOUR } }));
    expect(await ask(sourceOf(second))).to.equal("token 1");
    expect((await strict).message).to.match(/the old one lives only 1h more.*asks for 6h/);
    expect([second.asked, second.warnings.length]).to.deep.equal([1, 1]);
  });

  it("takes a corrupt entry for none", async () => {
    await ask(sourceOf(first));
    for (const name of shared.entries.keys()) shared.entries.set(name, '{"token":');
    await ask(sourceOf(second));
    expect(second.asked).to.equal(1);
  });
});
