import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import {
  CredentialError,
  NoCredentialError,
  OptionError,
  ServiceError,
  ValidityError,
  YciamError,
} from "../../../provider/core/words/errors";
import { option, say } from "../../../provider/core/words/message";
import { Secret } from "../../../provider/core/words/secret";
import { everyText } from "../../support/every-text";

const CANARY = "CANARY-of-a-secret-value";
const secret = new Secret(CANARY) as unknown as string;
const shout = (path: string) => path.toUpperCase();

/** One of each class, with a secret in every place that takes a text. */
const ERRORS: readonly (readonly [YciamError, string, string])[] = [
  [new OptionError(say`${option("a.b")} is wrong: ${secret}`, "a.b"), "OptionError", "ERR_YCIAM_OPTION"],
  [
    new CredentialError(say`${option("a.b")} is bad: ${secret}`, "a.b", {
      status: 401,
      serviceMessage: secret,
    }),
    "CredentialError",
    "ERR_YCIAM_CREDENTIAL",
  ],
  [
    new ServiceError(say`${option("a.b")}: ${secret}`, "status", { status: 503, requestId: secret }),
    "ServiceError",
    "ERR_YCIAM_SERVICE",
  ],
  [new ValidityError(say`${option("a.b")}: ${secret}`), "ValidityError", "ERR_YCIAM_VALIDITY"],
  [
    new NoCredentialError([{ resolver: "r", reason: say`no ${secret}`, remedy: say`set ${option("a.b")}` }]),
    "NoCredentialError",
    "ERR_YCIAM_NO_CREDENTIAL",
  ],
];

describe("core/errors", () => {
  for (const [error, name, code] of ERRORS) {
    describe(name, () => {
      it("is told by its literal code, and is an Error of this package", () => {
        expect(error).to.be.instanceOf(Error).and.instanceOf(YciamError);
        expect([error.name, error.code]).to.deep.equal([name, code]);
        expect(
          ERRORS.filter(([other]) => other instanceof (error.constructor as typeof OptionError)),
        ).to.have.length(1);
      });

      it("spells options as a host's users do", () => {
        expect(error.message).to.contain("a.b");
        expect(error.messageFor(shout)).to.contain("A.B").and.not.contain("a.b");
      });

      it("shows no secret that was put into it: inspect, JSON, String, stack", () => {
        expect(error.message).to.contain("[secret]");
        expect(everyText(error)).to.not.contain(CANARY);
        expect(everyText({ deep: [new Map([["error", error]])] })).to.not.contain(CANARY);
        expect(error, "what lies beneath may hold a secret").to.not.have.property("cause");
      });
    });
  }

  it("has at most six classes, all with codes of their own", () => {
    expect(new Set(ERRORS.map(([error]) => error.code)).size)
      .to.equal(ERRORS.length)
      .and.be.at.most(6);
  });

  it("lists each reason and remedy, and says so when only one resolver was asked for", () => {
    const refusal = (resolver: string) => ({
      resolver,
      reason: "it is not there",
      remedy: say`set ${option(resolver)}`,
    });
    expect(new NoCredentialError(["a", "b"].map(refusal)).messageFor(shout)).to.equal(
      "No credential was found. Tried, in this order:\n  a: it is not there. To use it: set A.\n  b: it is not there. To use it: set B.",
    );
    expect(new NoCredentialError([refusal("a")]).message).to.equal(
      "The resolver asked for has no credential:\n  a: it is not there. To use it: set a.",
    );
  });

  it("prints no secret through console.log or as an uncaught error, in a real process", () => {
    const code = `
      const { CredentialError } = require("./provider/core/words/errors");
      const { say } = require("./provider/core/words/message");
      const { Secret } = require("./provider/core/words/secret");
      const secret = new Secret(process.argv[1]);
      const error = new CredentialError(say\`no \${secret}\`, "x", { serviceMessage: secret });
      console.log(error); console.error({ error }); console.table([error]); console.dir(error, { showHidden: true });
      throw error;`;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["-r", "ts-node/register", "-e", code, CANARY],
      {
        cwd: join(__dirname, "../../.."),
        encoding: "utf8",
      },
    );
    expect(status).to.equal(1);
    expect(stdout).to.contain("CredentialError: no [secret]");
    expect(stdout + stderr).to.not.contain(CANARY);
  }).timeout(60_000);
});
