import { expect } from "chai";
import {
  CredentialError,
  NoCredentialError,
  OptionError,
  ServiceError,
  ValidityError,
} from "../../../provider/core/words/errors";
import { option, say } from "../../../provider/core/words/message";
import { attributePath } from "../../../provider/terraform/cty/path";
import { type ObjectType } from "../../../provider/terraform/cty/type";
import { ValueError } from "../../../provider/terraform/cty/value";
import { DiagnosticError } from "../../../provider/terraform/errors";
import { diagnose, diagnosed } from "../../../provider/terraform/yciam/errors";

const TYPE: ObjectType = [
  "object",
  { timeout: "string", service_account_key: ["object", { file: "string" }] },
];

describe("terraform errors of the app", () => {
  it("lie on their attribute, and name it as it is written there", () => {
    const text = say`${option("serviceAccountKey.file")} cannot be read.`;
    expect(diagnose(new CredentialError(text, "serviceAccountKey.file"), TYPE)).to.deep.equal({
      severity: "error",
      summary: "Credential Cannot Be Used",
      detail: "service_account_key.file cannot be read.",
      path: attributePath("service_account_key", "file"),
    });
  });

  it("lie on no attribute that the block does not have", () => {
    for (const path of ["serviceAccountKey.json", "refreshAfter", "timeout.inner", "(not a name)", ""])
      expect(diagnose(new OptionError("No.", path), TYPE)).not.to.have.property("path");
    expect(diagnose(new OptionError("No.", "timeout"), TYPE).path).to.deep.equal(attributePath("timeout"));
  });

  it("say what kind they are", () => {
    const errors = [
      new ServiceError("Down.", "unreachable"),
      new ValidityError("Short."),
      new NoCredentialError([]),
    ];
    expect(errors.map((error) => diagnose(error, TYPE).summary)).to.deep.equal([
      "Service Cannot Be Used",
      "Token Lives Too Short",
      "No Credential Found",
    ]);
  });

  it("show a value that does not fit on its path", () => {
    const { detail, path } = diagnose(new ValueError("it is no string", attributePath("timeout")), TYPE);
    expect(detail).to.match(/^it is no string\. .*please report it\.$/);
    expect(path).to.deep.equal(attributePath("timeout"));
  });

  it("do not show the message of a defect, which may quote a secret", () => {
    const { summary, detail } = diagnose(new TypeError("cannot read t1.secret"), TYPE);
    expect(summary).to.equal("Unexpected Provider Error");
    expect(detail).to.match(/^An unexpected TypeError at errors\.test\.ts:\d+\. This is a defect of yciam/);
    expect(diagnose("t1.secret", TYPE).detail).to.match(/^An unexpected value thrown\. /);
  });

  it("come as diagnostics, once, and are left alone when the call is aborted", async () => {
    const thrownBy = (error: unknown, signal = new AbortController().signal) =>
      diagnosed(TYPE, signal, () => Promise.reject(error as Error)).catch((thrown: unknown) => thrown);
    const thrown = await thrownBy(new ValidityError("Short."));
    expect(thrown).to.be.instanceOf(DiagnosticError);
    expect(await thrownBy(thrown)).to.equal(thrown);
    const reason = new Error("stopped");
    expect(await thrownBy(reason, AbortSignal.abort(reason))).to.equal(reason);
  });
});
