import { expect } from "chai";
import { DiagnosticError, toWire } from "../../provider/terraform/errors";
import { Diagnostic_Severity as Severity } from "../../provider/terraform/generated/tfplugin6";

describe("terraform errors", () => {
  it("hold several diagnostics, and name them all", () => {
    const error = new DiagnosticError({ summary: "One" }, { summary: "Two", detail: "More." });
    expect(error.message).to.equal("One; Two");
    expect(error.diagnostics[1]).to.deep.equal({ severity: "error", summary: "Two", detail: "More." });
  });

  it("are written with their severity, and with both kinds of step", () => {
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
