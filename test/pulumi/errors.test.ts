import { expect } from "chai";
import { status } from "@grpc/grpc-js";
import {
  CredentialError,
  NoCredentialError,
  OptionError,
  ServiceError,
  ValidityError,
} from "../../provider/core/words/errors";
import { camelCaseSpelling, option, say } from "../../provider/core/words/message";
import { StatusError, toFailure, toStatus } from "../../provider/pulumi/errors";

const spell = (path: string) => `<${path}>`;

describe("errors of the plugin", () => {
  const codes: [Error, status][] = [
    [new OptionError("o", "timeout"), status.INVALID_ARGUMENT],
    [new CredentialError("c"), status.UNAUTHENTICATED],
    [new NoCredentialError([]), status.FAILED_PRECONDITION],
    [new ServiceError("s", "timeout"), status.UNAVAILABLE],
    [new ValidityError("v"), status.FAILED_PRECONDITION],
  ];
  for (const [error, code] of codes) {
    it(`give ${error.name} the status ${status[code]}`, () => {
      expect(toStatus(error, camelCaseSpelling)).to.include({ code, details: error.message });
    });
  }

  it("spell options as the host's users do, and add what to do", () => {
    const error = new ServiceError(say`raise ${option("timeout")}.`, "timeout");
    expect(toStatus(error, spell, undefined, " Try again.").details).to.equal("raise <timeout>. Try again.");
  });

  it("are cancelled ones once the call was, whatever was thrown", () => {
    const signal = AbortSignal.abort();
    for (const error of [new Error("aborted"), new CredentialError("c"), "text"])
      expect(toStatus(error, spell, signal).code).to.equal(status.CANCELLED);
  });

  it("keep a status of their own", () => {
    const error = new StatusError(status.NOT_FOUND, "nothing there");
    expect(toStatus(error, spell, AbortSignal.abort())).to.equal(error);
  });

  it("tell of a defect where it was, and not what it quoted", () => {
    let thrown: unknown;
    try {
      JSON.parse("t1.secret.secret");
    } catch (error) {
      thrown = error;
    }
    const { code, details } = toStatus(thrown, spell);
    expect(code).to.equal(status.INTERNAL);
    expect(details).to.match(
      /^An unexpected SyntaxError at errors\.test\.ts:\d+\. This is a defect of yciam/,
    );
    expect(details).not.to.contain("secret");
    expect(toStatus("t1.secret.secret", spell).details).to.match(/^An unexpected value thrown\. /);
  });

  it("name a property only where the engine may print its value", () => {
    const named = (path: string) =>
      toFailure(new OptionError("r", path), spell, (name) => name === "timeout").property;
    expect(named("timeout")).to.equal("timeout");
    expect(named("iamToken")).to.equal("");
    expect(named("iamToken.token")).to.equal("iamToken.token");
  });

  it("are failures of a property only when an option is at fault", () => {
    const error = new CredentialError("c");
    expect(() => toFailure(error, spell, () => true)).to.throw(error);
  });
});
