import { type Path, type Step } from "./cty/path";
import { ValueError } from "./cty/value";
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

/** Turns an error a handler threw into diagnostics; undefined for one it does not know. */
export type Translate = (error: unknown) => readonly Diagnostic[] | undefined;

/** The diagnostics of any thrown value. What nobody knows is shown as a bug, with its message. */
export function toDiagnostics(error: unknown, translate: Translate = () => undefined): readonly Diagnostic[] {
  if (error instanceof DiagnosticError) return error.diagnostics;
  const known = translate(error);
  if (known) return known;
  const path = error instanceof ValueError ? error.path : undefined;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const detail = `${message}\n\nThis is always a bug in the provider and should be reported.`;
  return [{ severity: "error", summary: "Unexpected Provider Error", detail, ...(path && { path }) }];
}

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
