import { type Call } from "./plugin/grpc/service";
import { type CallContext } from "./definition";
import { type Diagnostic, toDiagnostics, toWire, type Translate } from "./errors";
import { type Diagnostic as WireDiagnostic } from "./generated/tfplugin6";

/** What every answer of the protocol that can fail carries. */
interface Answer {
  diagnostics?: WireDiagnostic[] | undefined;
}

/** Runs the work of a call, and turns what it throws and warns of into diagnostics of the answer. */
export type Runner = <T extends object>(
  call: Call,
  work: (context: CallContext, report: (found: readonly Diagnostic[]) => void) => Promise<T>,
) => Promise<Partial<T> & Answer>;

/** @param interrupted aborts the work of every call, as StopProvider asks */
export function createRunner(translate: Translate | undefined, interrupted: AbortSignal): Runner {
  return async (call, work) => {
    const found: Diagnostic[] = [];
    const context: CallContext = {
      signal: AbortSignal.any([call.signal, interrupted]),
      warn: (warning) => void found.push({ severity: "warning", ...warning }),
    };
    const answer = await attempt(() => work(context, (more) => void found.push(...more)), found, translate);
    return { ...answer, diagnostics: found.map(toWire) };
  };
}

async function attempt<T extends object>(
  work: () => Promise<T>,
  found: Diagnostic[],
  translate: Translate | undefined,
): Promise<Partial<T>> {
  try {
    return await work();
  } catch (error) {
    found.push(...toDiagnostics(error, translate));
    return {};
  }
}
