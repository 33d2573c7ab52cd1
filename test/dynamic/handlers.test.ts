import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator";
import { createHandlers, type Handlers } from "../../provider/dynamic/handlers";
import { type TestContext, testContext } from "../support/context";

const HOUR = 3_600_000;

describe("the handlers of the dynamic resource", () => {
  let emulator: Emulator;
  let context: TestContext;
  let handlers: Handlers;
  let inputs: Record<string, unknown>;
  let now: number;

  beforeEach(async () => {
    now = Date.now();
    emulator = await startEmulator({ now: () => now });
    context = testContext({ now: () => now });
    handlers = createHandlers(() => context);
    const json = JSON.stringify(await emulator.createKey());
    inputs = { iamEndpoint: emulator.iamEndpoint, serviceAccountKey: { json }, __provider: "code" };
  });

  afterEach(() => emulator.close());

  it("keeps the token and the inputs, under the subject's id", async () => {
    const { id, outs } = await handlers.create(inputs);
    expect(outs).to.include(inputs);
    expect(outs.token).to.equal(emulator.issuedTokens[0]?.token);
    expect(outs.authorizationHeader).to.equal(`Bearer ${String(outs.token)}`);
    expect(id).to.equal(outs.subjectId);
  });

  it("sees no change while more than an hour is left, and one when less is", async () => {
    const { id, outs } = await handlers.create(inputs);
    now += 10 * HOUR;
    expect(await handlers.diff(id, outs, inputs)).to.deep.equal({ changes: false });
    now += 1.5 * HOUR;
    expect(await handlers.diff(id, outs, inputs)).to.deep.equal({ changes: true });
    const renewed = await handlers.update(id, outs, inputs);
    expect(renewed.outs.token).not.to.equal(outs.token);
    expect(await handlers.diff(id, renewed.outs, inputs)).to.deep.equal({ changes: false });
  });

  it("goes by the user's own minRemainingValidity", async () => {
    const patient = { ...inputs, minRemainingValidity: "11h" };
    const { id, outs } = await handlers.create(patient);
    now += 0.9 * HOUR;
    expect(await handlers.diff(id, outs, patient)).to.deep.equal({ changes: false });
    now += 0.2 * HOUR;
    expect(await handlers.diff(id, outs, patient)).to.deep.equal({ changes: true });
  });

  it("sees no change in the environment: neither another minRemainingValidity nor another credential", async () => {
    const { id, outs } = await handlers.create(inputs);
    const env = { YCIAM_MIN_REMAINING_VALIDITY: "11h30m", YC_SERVICE_ACCOUNT_KEY_FILE: "/another/key.json" };
    const elsewhere = createHandlers(() => testContext({ now: () => now, env }));
    now += 10 * HOUR;
    expect(await elsewhere.diff(id, outs, inputs)).to.deep.equal({ changes: false });
    expect((await elsewhere.create(inputs)).outs.subjectId).to.equal(outs.subjectId);
  });

  it("sees a changed input, whatever the order of keys, and not the package's own code", async () => {
    const { id, outs } = await handlers.create({ ...inputs, impersonate: null });
    const reordered = Object.fromEntries(Object.entries({ ...inputs, __provider: "new code" }).reverse());
    expect(await handlers.diff(id, outs, reordered)).to.deep.equal({ changes: false });
    expect(await handlers.diff(id, outs, { ...inputs, retries: 1 })).to.deep.equal({ changes: true });
    expect(await handlers.diff(id, outs, { ...inputs, revokeOnDelete: true })).to.deep.equal({
      changes: true,
    });
  });

  it("leaves unknown inputs of a preview unjudged, and takes them for a change", async () => {
    const { id, outs } = await handlers.create(inputs);
    const unknown = {
      ...inputs,
      serviceAccountKey: { json: pulumi.runtime.unknownValue },
      refreshAfter: "nonsense",
    };
    expect((await handlers.check(unknown)).failures).to.deep.equal([]);
    expect(await handlers.diff(id, outs, unknown)).to.deep.equal({ changes: true });
  });

  it("names what cannot be used in the reason alone: the engine prints the value of a property, secrets in clear", async () => {
    const wrong = { ...inputs, refreshAfter: "never-planted-value" };
    expect((await handlers.check(wrong)).failures).to.deep.equal([
      {
        property: "",
        reason: "refreshAfter is not a duration. Write a number with a unit, such as 90s, 10m or 1h30m.",
      },
    ]);
    const nested = await handlers.check({ ...inputs, serviceAccountKey: { path: "x" } });
    expect(nested.failures[0]?.reason).to.include("serviceAccountKey.path");
    const maybe = await handlers.check({ ...inputs, revokeOnDelete: "true" });
    expect(maybe.failures[0]?.reason).to.equal("revokeOnDelete must be true or false.");
  });

  it("revokes on delete only when asked, and then for good", async () => {
    const { id, outs } = await handlers.create(inputs);
    await handlers.remove(id, outs);
    expect(emulator.counts.revoke).to.equal(0);
    await handlers.remove(id, { ...outs, revokeOnDelete: true });
    expect(emulator.counts.revoke).to.equal(1);
    // Another resource with the same token, and one whose token is long dead, are deleted all the same.
    await handlers.remove(id, { ...outs, revokeOnDelete: true });
    now += 13 * HOUR;
    await handlers.remove(id, { ...outs, revokeOnDelete: true });
    expect(emulator.counts.revoke).to.equal(2);
    now -= 13 * HOUR;
    const again = await handlers.create(inputs);
    expect(again.outs.token).not.to.equal(outs.token);
  });
});
