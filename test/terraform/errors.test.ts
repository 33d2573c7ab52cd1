import { expect } from "chai";
import { ValueError } from "../../provider/terraform/cty/value";
import { DiagnosticError, toDiagnostics, toWire } from "../../provider/terraform/errors";
import { Diagnostic_Severity as Severity } from "../../provider/terraform/generated/tfplugin6";

describe("terraform errors", () => {
  it("passes on the diagnostics a handler throws", () => {
    const error = new DiagnosticError({ summary: "One" }, { summary: "Two", detail: "More." });
    expect(error.message).to.equal("One; Two");
    expect(toDiagnostics(error)).to.deep.equal([
      { severity: "error", summary: "One" },
      { severity: "error", summary: "Two", detail: "More." },
    ]);
  });

  it("asks the provider to translate its own errors first", () => {
    const translate = (error: unknown) =>
      error instanceof RangeError ? [{ severity: "error" as const, summary: "Out Of Range" }] : undefined;
    expect(toDiagnostics(new RangeError("x"), translate)[0]?.summary).to.equal("Out Of Range");
    expect(toDiagnostics(new Error("x"), translate)[0]?.summary).to.equal("Unexpected Provider Error");
  });

  it("shows what nobody knows as a bug, without a stack, and on its attribute where it has one", () => {
    const [shown] = toDiagnostics(new ValueError("broken", [{ attribute: "a" }]));
    expect(shown?.detail)
      .to.match(/^ValueError: broken\n\nThis is always a bug in the provider/)
      .and.not.contain(".ts");
    expect(shown?.path).to.deep.equal([{ attribute: "a" }]);
    expect(toDiagnostics("text")[0]?.detail).to.match(/^text\n/);
  });

  it("writes severities and both kinds of step", () => {
    const path = [{ attribute: "command" }, { attribute: "argv" }, { index: 0 }];
    expect(toWire({ severity: "warning", summary: "S", detail: "D", path })).to.deep.equal({
      severity: Severity.WARNING,
      summary: "S",
      detail: "D",
      attribute: {
        steps: [
          { selector: { $case: "attributeName", value: "command" } },
          { selector: { $case: "attributeName", value: "argv" } },
          { selector: { $case: "elementKeyInt", value: 0 } },
        ],
      },
    });
    expect(toWire({ severity: "error", summary: "S", path: [] }).attribute).to.equal(undefined);
  });
});
