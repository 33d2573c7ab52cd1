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
import { Code, StatusError } from "../../provider/grpc/status";
import { toStatus } from "../../provider/pulumi/errors";

describe("errors of the plugin", () => {
  const codes: [Error, status][] = [
    [new OptionError("o", "timeout"), status.INVALID_ARGUMENT],
    [new CredentialError("c"), status.UNAUTHENTICATED],
    [new NoCredentialError([]), status.FAILED_PRECONDITION],
    [new ServiceError("s", "timeout"), status.UNAVAILABLE],
    [new ValidityError("v"), status.FAILED_PRECONDITION],
    [new StatusError(Code.UNIMPLEMENTED, "not served"), status.UNIMPLEMENTED],
  ];
  for (const [error, code] of codes) {
    it(`have the status ${status[code]} for ${error.name}`, () => {
      expect(toStatus(error, spell)).to.include({ code, message: error.message });
    });
  }

  it("tell of a defect where it was, and not what it quoted", () => {
    const thrown = new SyntaxError("t1.secret.secret");
    const { code, message } = toStatus(thrown, spell);
    expect(code).to.equal(status.INTERNAL);
    expect(message).to.match(
      /^An unexpected SyntaxError at errors\.test\.ts:\d+\. This is a defect of yciam/,
    );
    expect(message).not.to.contain("secret");
    expect(toStatus("t1.secret.secret", spell).message).to.match(/^An unexpected value thrown\. /);
  });
});
