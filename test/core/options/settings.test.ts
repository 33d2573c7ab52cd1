import { expect } from "chai";
import { OptionError } from "../../../provider/core/words/errors";
import type { OptionSpec } from "../../../provider/core/options/options";
import { readOptions } from "../../../provider/core/options/read";
import { checkSettings, DEFAULTS, IMPERSONATE, SETTINGS } from "../../../provider/core/options/settings";

const check = (raw: Record<string, unknown>, env: Record<string, string> = {}) =>
  checkSettings(readOptions("", SETTINGS, raw, env));

describe("core/settings", () => {
  it("has the defaults that were promised to users", () => {
    const { minRemainingValidity, refreshAfter, timeout, retries, cache, installation } = DEFAULTS;
    expect([minRemainingValidity, refreshAfter, timeout, retries]).to.deep.equal([
      600_000, 3_600_000, 30_000, 4,
    ]);
    expect([cache, installation]).to.deep.equal(["disk", "ru"]);
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

  it("L5: refuses to promise as much life as no token has when it is handed out", () => {
    expect(() => check({ minRemainingValidity: "11h59m" })).to.not.throw();
    for (const life of ["12h", "13h"]) {
      expect(() => check({ minRemainingValidity: life })).to.throw(
        OptionError,
        "minRemainingValidity is 12h or more. Yandex Cloud lets a token live 12h at most, so none would ever do. Ask for less.",
      );
    }
    expect(() => check({}, { YCIAM_MIN_REMAINING_VALIDITY: "13h" })).to.throw(
      /^YCIAM_MIN_REMAINING_VALIDITY is 12h/,
    );
  });

  it("refuses to do anything in no time", () => {
    expect(() => check({ timeout: "0s" })).to.throw(
      OptionError,
      "timeout is zero: nothing can be asked in no time. Leave it out, or give it some seconds.",
    );
    expect(() => check({ timeout: "1ms" })).to.not.throw();
  });
});
