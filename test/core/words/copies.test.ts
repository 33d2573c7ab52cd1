import { expect } from "chai";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as errors from "../../../provider/core/words/errors";
import * as message from "../../../provider/core/words/message";
import * as secret from "../../../provider/core/words/secret";

/** Modules of the core, loaded a second time: what a user's resolver module gets from a copy of its own. */
function secondCopy() {
  const load = createRequire(__filename);
  const core = dirname(load.resolve("../../../provider/core/words/errors"));
  const isOfCore = (path: string) => path.startsWith(core) || path === process.env.YCIAM_TEST_MODULES;
  const kept = Object.entries(load.cache).filter(([path]) => isOfCore(path));
  kept.forEach(([path]) => delete load.cache[path]);
  try {
    return {
      errors: load("../../../provider/core/words/errors") as typeof errors,
      message: load("../../../provider/core/words/message") as typeof message,
      secret: load("../../../provider/core/words/secret") as typeof secret,
    };
  } finally {
    kept.forEach(([path, module]) => (load.cache[path] = module));
  }
}

describe("two copies of the core in one process", () => {
  const other = secondCopy();

  it("are two indeed", () => {
    expect(other.errors.OptionError).not.to.equal(errors.OptionError);
    expect(Object.getPrototypeOf(new other.secret.Secret("x"))).not.to.equal(secret.Secret.prototype);
  });

  it("know each other's errors, each for its own kind", () => {
    const error = new other.errors.CredentialError("wrong");
    expect(error instanceof errors.YciamError).to.equal(true);
    expect(error instanceof errors.CredentialError).to.equal(true);
    expect(error instanceof errors.OptionError).to.equal(false);
    expect(new errors.OptionError("wrong", "x") instanceof other.errors.OptionError).to.equal(true);
  });

  it("take nothing else for one of theirs", () => {
    for (const value of [new Error("x"), { code: "ERR_YCIAM_CREDENTIAL" }, null, undefined, "text"]) {
      expect(value instanceof errors.YciamError).to.equal(false);
      expect((value as unknown) instanceof secret.Secret).to.equal(false);
      expect((value as unknown) instanceof message.OptionRef).to.equal(false);
    }
  });

  it("know each other's secrets", () => {
    expect(new other.secret.Secret("hidden") instanceof secret.Secret).to.equal(true);
    expect(secret.redact("it is hidden", [new other.secret.Secret("hidden")])).to.equal("it is [secret]");
  });

  it("spell options in each other's messages", () => {
    const inner = other.message.say`${message.option("a.b")} and ${other.message.option("c.d")}`;
    const outer = message.say`wrong: ${inner}`;
    expect(outer.render((path) => path.toUpperCase())).to.equal("wrong: A.B and C.D");
  });
});
