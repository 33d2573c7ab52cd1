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
    const error = new CredentialError(
      say`${option("serviceAccountKey.file")} cannot be read.`,
      "serviceAccountKey.file",
    );
    expect(diagnose(error, TYPE)).to.deep.equal({
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
    const refusals = [{ resolver: "ycCli", reason: "no", remedy: say`set ${option("ycCli.path")}` }];
    const summaries = [
      new ServiceError("Down.", "unreachable"),
      new ValidityError("Short."),
      new NoCredentialError(refusals),
    ].map((error) => diagnose(error, TYPE).summary);
    expect(summaries).to.deep.equal([
      "Service Cannot Be Used",
      "Token Lives Too Short",
      "No Credential Found",
    ]);
  });

  it("give each resolver a line that begins with a space, which the CLIs do not wrap", () => {
    const refusals = ["iamToken", "ycCli"].map((resolver) => ({
      resolver,
      reason: "nothing is given",
      remedy: say`set ${option(`${resolver}.token`)}`,
    }));
    const lines = diagnose(new NoCredentialError(refusals), TYPE).detail?.split("\n");
    expect(lines).to.deep.equal([
      "No credential was found. Tried, in this order:",
      "  iamToken: nothing is given. To use it: set iam_token.token.",
      "  ycCli: nothing is given. To use it: set yc_cli.token.",
    ]);
  });

  it("show a value that does not fit on its path", () => {
    const error = new ValueError("a string is required", attributePath("timeout"));
    expect(diagnose(error, TYPE).detail).to.match(/^a string is required\. .*please report it\.$/);
  });

  it("do not show the message of a defect, which may quote a secret", () => {
    const { summary, detail } = diagnose(new TypeError("cannot read t1.secret"), TYPE);
    expect(summary).to.equal("Unexpected Provider Error");
    expect(detail).to.match(/^An unexpected TypeError at errors\.test\.ts:\d+\. This is a defect of yciam/);
    expect(diagnose("t1.secret", TYPE).detail).to.match(/^An unexpected value thrown\. /);
  });

  describe("of some work", () => {
    const { signal } = new AbortController();
    const failing = (error: Error, aborted = signal) =>
      diagnosed(TYPE, aborted, async () => {
        throw error;
      }).then(
        () => expect.fail("it was expected to fail"),
        (thrown: unknown) => thrown,
      );

    it("come as diagnostics, once", async () => {
      const thrown = await failing(new ValidityError("Short."));
      expect(thrown).to.be.instanceOf(DiagnosticError);
      expect((thrown as DiagnosticError).diagnostics).to.have.length(1);
      expect(await failing(thrown as Error)).to.equal(thrown);
    });

    it("are left alone once the call is aborted", async () => {
      const reason = new Error("stopped");
      expect(await failing(reason, AbortSignal.abort(reason))).to.equal(reason);
    });

    it("leave what works alone", async () => {
      expect(await diagnosed(TYPE, signal, async () => 42)).to.equal(42);
    });
  });
});
