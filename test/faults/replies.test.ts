import { expect } from "chai";
import type { Fault } from "../../emulator";
import type { ErrorCode } from "../../provider/core/words/errors";
import { startTrial, type Trial } from "./iam";

const HOUR = 3_600_000;
const instant = (ms: number) => new Date(Date.now() + ms).toISOString();

interface Row {
  readonly title: string;
  readonly fault: Fault;
  readonly requests: number;
  readonly code: ErrorCode;
  readonly says: RegExp;
}

/** A reply that IAM never gives. It is no reason to try again: the same would come back. */
const reply = (title: string, fault: Fault, says: RegExp): Row => ({
  title,
  fault,
  requests: 1,
  code: "ERR_YCIAM_SERVICE",
  says,
});

const rows: readonly Row[] = [
  reply(
    "HTML with status 200",
    { body: "<html>Sign in to the hotel's network</html>", contentType: "text/html" },
    /IAM's reply is not a JSON object \(text\/html, \d+ characters\).*Is a proxy or another service answering/,
  ),
  reply("an empty body", { body: "" }, /is not a JSON object/),
  reply("a body cut in half", { truncate: true }, /is not a JSON object/),
  reply("a list", { body: [] }, /is not a JSON object/),
  reply("null", { body: null }, /is not a JSON object/),
  reply("a gigabyte", { hugeBody: 1024 ** 3 }, /more than 64 KiB, which is no reply of Yandex Cloud/),
  reply("no token", { body: { expiresAt: instant(HOUR) } }, /has no iamToken/),
  reply("an empty token", { body: { iamToken: "", expiresAt: instant(HOUR) } }, /has no iamToken/),
  reply("a number for a token", { body: { iamToken: 1, expiresAt: instant(HOUR) } }, /has no iamToken/),
  reply("no expiresAt", { expiresAt: null }, /has no expiresAt/),
  reply("a number for expiresAt", { expiresAt: 1_700_000_000 }, /expiresAt that is not an RFC 3339 time/),
  reply("expiresAt without zone", { expiresAt: "2999-01-01T00:00:00" }, /not an RFC 3339 time with a zone/),
  reply("expiresAt in the past", { expiresAt: instant(-1000) }, /has an expiresAt that is in the past/),
  reply("expiresAt in 1970", { expiresAt: "1970-01-01T00:00:00Z" }, /has an expiresAt that is in the past/),
  {
    title: "a token that lives too short",
    fault: { shortLifeMs: 60_000 },
    requests: 1,
    code: "ERR_YCIAM_VALIDITY",
    says: /the newest token that can be had lives only (59s|1m) more; minRemainingValidity asks for 10m/,
  },
];

describe("faults: replies", () => {
  let trial: Trial;
  beforeEach(async () => {
    trial = await startTrial();
  });
  afterEach(() => trial.close());

  for (const { title, fault, requests, code, says } of rows) {
    it(`says what is wrong with ${title}, and keeps nothing of it`, async () => {
      trial.emulator.faults.inject({ ...fault, route: "tokens" });
      const error = await trial.failure();
      expect(error.code).to.equal(code);
      expect(error.message).to.match(says);
      expect(trial.emulator.requests).to.have.length(requests);
      expect((await trial.get()).fingerprint).to.match(/^[0-9a-f]{12}$/);
      trial.assertSilent();
    });
  }

  it("reads no more than a part of a gigabyte", async () => {
    trial.emulator.faults.inject({ hugeBody: 1024 ** 3 });
    await trial.failure();
    expect(trial.emulator.requests[0]?.bytesSent).to.be.below(16 * 1024 ** 2);
  });

  it("believes no more than 12 hours of an expiresAt in 9999", async () => {
    trial.emulator.faults.inject({ expiresAt: "9999-12-31T23:59:59Z" });
    const { expiresAt = "" } = await trial.get();
    expect(Date.parse(expiresAt) - Date.now())
      .to.be.above(12 * HOUR - 60_000)
      .and.at.most(12 * HOUR);
  });
});
