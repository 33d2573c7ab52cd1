import { type Call } from "../grpc/service";
import { type CallContext } from "./definition";
import { type Diagnostic, DiagnosticError, toWire, type Translate } from "./errors";
import { type Diagnostic as WireDiagnostic } from "./generated/tfplugin6";

/** What every answer of the protocol that can fail carries. */
interface Answer {
  diagnostics?: WireDiagnostic[] | undefined;
}

/** The work of one call, and a way to report what is wrong without ending it. */
type Work<T> = (context: CallContext, report: (found: readonly Diagnostic[]) => void) => Promise<T>;

/** Runs the work of a call, and turns what it throws and warns of into diagnostics of the answer. */
export interface Runner {
  /** Work that StopProvider aborts. */
  readonly run: <T extends object>(call: Call, work: Work<T>) => Promise<Partial<T> & Answer>;
  /** Work for what is open already. StopProvider does not abort it: an apply may go on for long after Ctrl-C. */
  readonly finish: <T extends object>(call: Call, work: Work<T>) => Promise<Partial<T> & Answer>;
}

/** @param interrupted gives the signal for a connection; it aborts with a DiagnosticError when its host asks to stop */
export function createRunner(translate: Translate, interrupted: (connection: object) => AbortSignal): Runner {
  return {
    run: ({ signal, connection }, work) =>
      perform(AbortSignal.any([signal, interrupted(connection)]), work, translate),
    finish: ({ signal }, work) => perform(signal, work, translate),
  };
}

async function perform<T extends object>(
  signal: AbortSignal,
  work: Work<T>,
  translate: Translate,
): Promise<Partial<T> & Answer> {
  const found: Diagnostic[] = [];
  const warn: CallContext["warn"] = (warning) => void found.push({ severity: "warning", ...warning });
  const report = (more: readonly Diagnostic[]) => void found.push(...more);
  const begin = async () => {
    signal.throwIfAborted();
    return work({ signal, warn }, report);
  };
  const answer: Partial<T> = await begin().catch((error: unknown) => {
    // Node's own calls reject with an AbortError of their own. The signal's reason says more.
    const cause: unknown = signal.reason instanceof DiagnosticError ? signal.reason : error;
    report(cause instanceof DiagnosticError ? cause.diagnostics : [translate(cause)]);
    return {};
  });
  return { ...answer, diagnostics: found.map(toWire) };
}
