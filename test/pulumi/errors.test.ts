import { status } from "@grpc/grpc-js";
import { expect } from "chai";
import {
  CredentialError,
  NoCredentialError,
  OptionError,
  ServiceError,
  ValidityError,
} from "../../provider/core/words/errors";
import { camelCaseSpelling as spell } from "../../provider/core/words/message";
import { StatusError, toStatus } from "../../provider/pulumi/errors";

describe("errors of the plugin", () => {
  const own = new StatusError(status.NOT_FOUND, "nothing there");
  const codes: [Error, status][] = [
    [new OptionError("o", "timeout"), status.INVALID_ARGUMENT],
    [new CredentialError("c"), status.UNAUTHENTICATED],
    [new NoCredentialError([]), status.FAILED_PRECONDITION],
    [new ServiceError("s", "timeout"), status.UNAVAILABLE],
    [new ValidityError("v"), status.FAILED_PRECONDITION],
    [own, status.NOT_FOUND],
  ];
  for (const [error, code] of codes) {
    it(`have the status ${status[code]} for ${error.name}, and are cancelled ones once the call was`, () => {
      expect(toStatus(error, spell)).to.include({ code, details: error.message });
      const cancelled = toStatus(error, spell, AbortSignal.abort());
      expect(cancelled.code).to.equal(error === own ? code : status.CANCELLED);
    });
  }

  it("tell of a defect where it was, and not what it quoted", () => {
    const thrown = new SyntaxError("t1.secret.secret");
    const { code, details } = toStatus(thrown, spell);
    expect(code).to.equal(status.INTERNAL);
    expect(details).to.match(
      /^An unexpected SyntaxError at errors\.test\.ts:\d+\. This is a defect of yciam/,
    );
    expect(details).not.to.contain("secret");
    expect(toStatus("t1.secret.secret", spell).details).to.match(/^An unexpected value thrown\. /);
  });
});
