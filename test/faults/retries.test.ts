import { expect } from "chai";
import { startEmulator } from "../../emulator";
import { startTrial, type Trial } from "./iam";

const gaps = (trial: Trial) =>
  trial.emulator.requests.map(({ time }, index, all) => time - (all[index - 1]?.time ?? time));

describe("faults: failures that pass, and those that do not", () => {
  let trial: Trial;
  beforeEach(async () => {
    trial = await startTrial();
  });
  afterEach(() => trial.close());
  const route = "tokens" as const;

  it("tries again after 503, twice, and says nothing of it", async () => {
    trial.emulator.faults.inject({ route, status: 503, times: 2 });
    await trial.get();
    expect(trial.emulator.requests).to.have.length(3);
    expect(trial.context.logs.filter(({ level }) => level === "warn")).to.deep.equal([]);
  });

  it("gives up after the attempts that are allowed, with IAM's words and request id", async () => {
    trial.emulator.faults.inject({ route, status: 503, message: "Try later", times: Infinity });
    const error = await trial.failure({ retries: 2 });
    expect(error.code).to.equal("ERR_YCIAM_SERVICE");
    expect(error.message).to.match(
      /^POST 127\.0\.0\.1:\d+\/iam\/v1\/tokens was refused after 3 attempts \(HTTP 503, code 14, request id [-0-9a-f]{36}\): Try later\.$/,
    );
    expect(trial.emulator.requests).to.have.length(3);
  });

  for (const [form, retryAfter] of [
    ["seconds", () => 1],
    ["a date", () => new Date(Date.now() + 2000).toUTCString()],
  ] as const) {
    it(`obeys Retry-After of a 429, given as ${form}`, async () => {
      trial.emulator.faults.inject({ route, status: 429, retryAfter: retryAfter() });
      await trial.get();
      expect(trial.emulator.requests).to.have.length(2);
      expect(gaps(trial)[1]).to.be.above(900).and.below(10_000);
    });
  }

  it("does not hammer when Retry-After is 0", async () => {
    trial.emulator.faults.inject({ route, status: 429, retryAfter: 0, times: 4 });
    await trial.get();
    expect(trial.emulator.requests).to.have.length(5);
    for (const gap of gaps(trial).slice(1)) expect(gap).to.be.at.least(95);
  });

  it("gives up at once when Retry-After is longer than the time allowed", async () => {
    trial.emulator.faults.inject({ route, status: 429, retryAfter: 3600 });
    const begin = performance.now();
    const error = await trial.failure();
    expect(error.message).to.include("HTTP 429");
    expect(performance.now() - begin).to.be.below(5000);
    expect(trial.emulator.requests).to.have.length(1);
  });

  for (const status of [400, 401, 403, 404]) {
    it(`does not try again after ${status}: a refusal of the credential`, async () => {
      trial.emulator.faults.inject({ route, status, message: "No", times: Infinity });
      const error = await trial.failure();
      expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
      expect(error.message).to.match(new RegExp(`HTTP ${status}, code \\d+, request id .*: No\\.`));
      expect(trial.emulator.requests).to.have.length(1);
    });
  }

  for (const reset of ["before", "headers", "body"] as const) {
    it(`tries again when the connection is cut: ${reset}`, async () => {
      trial.emulator.faults.inject({ route, reset, times: 2 });
      await trial.get();
      expect(trial.emulator.requests).to.have.length(3);
      trial.emulator.reset();
      trial.emulator.faults.inject({ route, reset, times: Infinity });
      const error = await trial.failure({ cache: "none", retries: 1 });
      expect(error.code).to.equal("ERR_YCIAM_SERVICE");
      expect(error.message).to.match(/failed after 2 attempts: .*(the connection was cut|no usable answer)/);
      expect(trial.emulator.requests).to.have.length(2);
    });
  }

  for (const slow of ["headersDelayMs", "bodyDelayMs"] as const) {
    it(`waits for what is slow, and no longer than the time allowed: ${slow}`, async () => {
      trial.emulator.faults.inject({ route, [slow]: 300 });
      await trial.get();
      trial.emulator.faults.inject({ route, [slow]: 60_000, times: Infinity });
      const begin = performance.now();
      const error = await trial.failure({ cache: "none", timeout: "500ms" });
      expect(error.message).to.match(/did not end within the time allowed.*Raise timeout/);
      expect(performance.now() - begin).to.be.within(400, 5000);
      expect(trial.emulator.requests).to.have.length(2);
    });
  }

  it("ends within the time allowed while it waits for another attempt", async () => {
    trial.emulator.faults.inject({ route, status: 503, times: Infinity });
    const begin = performance.now();
    const error = await trial.failure({ timeout: "1s", retries: 20 });
    expect(error.code).to.equal("ERR_YCIAM_SERVICE");
    expect(performance.now() - begin).to.be.below(5000);
    expect(trial.emulator.requests.length).to.be.within(2, 5);
  });

  it("follows no redirect: the other host hears nothing", async () => {
    const other = await startEmulator();
    for (const status of [301, 302, 303, 307, 308]) {
      trial.emulator.faults.inject({ route, status, redirect: `${other.url}/iam/v1/tokens?hint=secret` });
      const error = await trial.failure();
      expect(error.message).to.match(
        /was answered with a redirect to 127\.0\.0\.1:\d+, which is not followed: a credential goes only where/,
      );
    }
    expect(other.requests).to.deep.equal([]);
    expect(trial.emulator.requests).to.have.length(5);
    await other.close();
  });

  it("keeps no failure: the call after it asks again, and works", async () => {
    trial.emulator.faults.inject({ route, status: 503, times: 1 });
    await trial.failure({ retries: 0 });
    await trial.get({ retries: 0 });
    expect(trial.emulator.requests).to.have.length(2);
  });

  it("reaches IAM over IPv6", async () => {
    const six = await startTrial({ ipv6: true });
    await six.get({ iamEndpoint: six.emulator.urlIpv6 as string });
    expect(six.emulator.counts.exchanges).to.equal(1);
    await six.close();
  });

  it("names the host and the problem when nothing listens there", async () => {
    const error = await trial.failure({ iamEndpoint: "http://127.0.0.1:1", retries: 1 });
    expect(error.message).to.equal(
      "POST 127.0.0.1:1/iam/v1/tokens failed after 2 attempts: nothing listens there (ECONNREFUSED).",
    );
  });
});
