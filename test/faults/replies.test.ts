import { expect } from "chai";
import type { Fault } from "../../emulator";
import type { ErrorCode } from "../../provider/core/words/errors";
import { startTrial, type Trial } from "./iam";

const HOUR = 3_600_000;
const instant = (ms: number) => new Date(Date.now() + ms).toISOString();

const PAGE = { body: "<html>Sign in to the hotel's network</html>", contentType: "text/html" };
const IS_PAGE =
  /IAM's reply is not a JSON object \(text\/html, \d+ characters\).*Is a proxy or another service answering/;
const IS_HUGE = /more than 64 KiB, which is no reply of Yandex Cloud/;
const IS_SHORT =
  /the newest token that can be had lives only (59s|1m) more; minRemainingValidity asks for 10m/;

/** Replies that IAM never gives. They are no reason to try again: the same would come back. */
const rows: readonly [title: string, fault: Fault, says: RegExp, code?: ErrorCode][] = [
  ["HTML with status 200", PAGE, IS_PAGE],
  ["an empty body", { body: "" }, /is not a JSON object/],
  ["a body cut in half", { truncate: true }, /is not a JSON object/],
  ["a list", { body: [] }, /is not a JSON object/],
  ["null", { body: null }, /is not a JSON object/],
  ["a gigabyte", { hugeBody: 1024 ** 3 }, IS_HUGE],
  ["no token", { body: { expiresAt: instant(HOUR) } }, /has no iamToken/],
  ["an empty token", { body: { iamToken: "", expiresAt: instant(HOUR) } }, /has no iamToken/],
  ["a number for a token", { body: { iamToken: 1, expiresAt: instant(HOUR) } }, /has no iamToken/],
  ["no expiresAt", { expiresAt: null }, /has no expiresAt/],
  ["a number for expiresAt", { expiresAt: 1_700_000_000 }, /expiresAt that is not an RFC 3339 time/],
  ["expiresAt without zone", { expiresAt: "2999-01-01T00:00:00" }, /not an RFC 3339 time with a zone/],
  ["expiresAt in the past", { expiresAt: instant(-1000) }, /has an expiresAt that is in the past/],
  ["expiresAt in 1970", { expiresAt: "1970-01-01T00:00:00Z" }, /has an expiresAt that is in the past/],
  ["a token that lives too short", { shortLifeMs: 60_000 }, IS_SHORT, "ERR_YCIAM_VALIDITY"],
];

describe("faults: replies", () => {
  let trial: Trial;
  beforeEach(async () => {
    trial = await startTrial();
  });
  afterEach(() => trial.close());

  for (const [title, fault, says, code = "ERR_YCIAM_SERVICE"] of rows) {
    it(`says what is wrong with ${title}, and keeps nothing of it`, async () => {
      trial.emulator.faults.inject({ ...fault, route: "tokens" });
      const error = await trial.failure();
      expect(error.code).to.equal(code);
      expect(error.message).to.match(says);
      expect(trial.emulator.requests).to.have.length(1);
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
