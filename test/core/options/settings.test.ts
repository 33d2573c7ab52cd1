import { expect } from "chai";
import { parseDuration } from "../../../provider/core/options/duration";
import { OptionError } from "../../../provider/core/words/errors";
import { type OptionSpec, readOptions } from "../../../provider/core/options/options";
import { checkSettings, DEFAULTS, IMPERSONATE, SETTINGS } from "../../../provider/core/options/settings";

const check = (raw: Record<string, unknown>, env: Record<string, string> = {}) =>
  checkSettings(readOptions("", SETTINGS, raw, env));

describe("core/settings", () => {
  it("documents the defaults that are really used", () => {
    const documented = (name: keyof typeof SETTINGS) => (SETTINGS[name] as OptionSpec).default ?? "";
    expect({
      minRemainingMs: parseDuration(documented("minRemainingValidity"), ""),
      refreshAfterMs: parseDuration(documented("refreshAfter"), ""),
      timeoutMs: parseDuration(documented("timeout"), ""),
      retries: Number(documented("retries")),
    }).to.deep.equal(DEFAULTS);
  });

  it("has a variable for every setting: its own name in capitals, where the field has no name for it", () => {
    const fromField: Record<string, string> = { endpoint: "YC_ENDPOINT" };
    for (const [name, spec] of Object.entries(SETTINGS)) {
      const ownName = `YCIAM_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
      expect(spec.env).to.deep.equal([fromField[name] ?? ownName]);
    }
    expect(IMPERSONATE.serviceAccountId.env).to.deep.equal(["YCIAM_IMPERSONATE_SERVICE_ACCOUNT_ID"]);
  });

  it("describes every setting in a sentence, and gives no default that its own kind refuses", () => {
    for (const [name, spec] of Object.entries<OptionSpec>({ ...SETTINGS, ...IMPERSONATE })) {
      expect(spec.doc, name).to.match(/^[A-Z].*\.$/);
      if (spec.default !== undefined)
        expect(() => readOptions("", { [name]: spec }, { [name]: spec.default }, {})).to.not.throw();
    }
  });

  it("refuses to promise more life than a token can have", () => {
    expect(() => check({ minRemainingValidity: "12h" })).to.not.throw();
    expect(() => check({ minRemainingValidity: "12h1s" })).to.throw(
      OptionError,
      "minRemainingValidity is more than 12h, the longest that Yandex Cloud lets a token live.",
    );
    expect(() => check({}, { YCIAM_MIN_REMAINING_VALIDITY: "13h" })).to.throw(
      /^YCIAM_MIN_REMAINING_VALIDITY is more than 12h/,
    );
  });

  it("refuses to do anything in no time", () => {
    expect(() => check({ timeout: "0s" })).to.throw(
      OptionError,
      "timeout is zero: nothing can be asked in no time.",
    );
    expect(() => check({ timeout: "1ms" })).to.not.throw();
  });
});
