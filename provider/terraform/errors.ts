import { type Path, type Step } from "./cty/path";
import {
  type AttributePath_Step,
  type Diagnostic as WireDiagnostic,
  Diagnostic_Severity as Severity,
} from "./generated/tfplugin6";

/** What the host shows to its user. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** One line, title case, no full stop. */
  readonly summary: string;
  /** Sentences: what was tried, what came back, what to do. */
  readonly detail?: string;
  /** The attribute at fault; the host shows its file and line. */
  readonly path?: Path;
}

/** Thrown by a handler to end its call with these diagnostics. */
export class DiagnosticError extends Error {
  override readonly name = "DiagnosticError";
  readonly diagnostics: readonly Diagnostic[];

  constructor(...errors: readonly Omit<Diagnostic, "severity">[]) {
    super(errors.map(({ summary }) => summary).join("; "));
    this.diagnostics = errors.map((error) => ({ severity: "error", ...error }));
  }
}

/** Thrown by a function for an argument that is wrong; `index` counts all of them from 0. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";

  constructor(
    message: string,
    readonly index: number,
  ) {
    super(message);
  }
}

/** Turns any error that a handler threw into a diagnostic. */
export type Translate = (error: unknown) => Diagnostic;

/** A diagnostic for the wire. */
export function toWire({ severity, summary, detail, path }: Diagnostic): WireDiagnostic {
  return {
    severity: severity === "error" ? Severity.ERROR : Severity.WARNING,
    summary,
    detail,
    attribute: path?.length ? { steps: path.map(wireStep) } : undefined,
  };
}

function wireStep(step: Step): AttributePath_Step {
  if ("index" in step) return { selector: { $case: "elementKeyInt", value: step.index } };
  return { selector: { $case: "attributeName", value: step.attribute } };
}
