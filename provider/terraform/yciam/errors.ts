import { describeDefect } from "../../core/words/defect";
import { type ErrorCode, YciamError } from "../../core/words/errors";
import { attributePath, type Path } from "../cty/path";
import { type CtyType, type ObjectType } from "../cty/type";
import { ValueError } from "../cty/value";
import { type Diagnostic, DiagnosticError } from "../errors";
import { snakeCase } from "./names";

const SUMMARIES: Readonly<Record<ErrorCode, string>> = {
  ERR_YCIAM_OPTION: "Invalid Option",
  ERR_YCIAM_CREDENTIAL: "Credential Cannot Be Used",
  ERR_YCIAM_NO_CREDENTIAL: "No Credential Found",
  ERR_YCIAM_SERVICE: "Service Cannot Be Used",
  ERR_YCIAM_VALIDITY: "Token Lives Too Short",
};

/**
 * The diagnostic of anything the app threw. It is on the attribute at fault, if the block has that attribute, and it
 * spells options as Terraform's users write them.
 *
 * @param type the type of the block
 */
export function diagnose(error: unknown, type: ObjectType): Diagnostic {
  if (error instanceof ValueError) return misfit(error);
  if (!(error instanceof YciamError)) return defect(error);
  const path = pathOf(error, type);
  return {
    severity: "error",
    summary: SUMMARIES[error.code],
    detail: error.messageFor(snakeCase),
    ...(path && { path }),
  };
}

/** Does some work for a block, and turns its errors into diagnostics. */
export async function diagnosed<T>(
  type: ObjectType,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Once the call is aborted, whatever is thrown is only a consequence of that.
    if (signal.aborted || error instanceof DiagnosticError) throw error;
    throw new DiagnosticError(diagnose(error, type));
  }
}

function pathOf(error: YciamError, type: ObjectType): Path | undefined {
  const { option } = error as { option?: unknown };
  if (typeof option !== "string") return undefined;
  const names = snakeCase(option).split(".");
  return has(type, names) ? attributePath(...names) : undefined;
}

function has(type: CtyType | undefined, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return type !== undefined;
  return typeof type === "object" && type[0] === "object" && has(type[1][name], rest);
}

/** The CLI checks values before it sends them, so its user can do nothing about this. */
function misfit({ message, path }: ValueError): Diagnostic {
  const detail = `${message}. The CLI and this plugin disagree on the schema: please report it.`;
  return { severity: "error", summary: "Invalid Value", detail, path };
}

/** The message of an unexpected error may quote a secret, so only its name and its place are shown. */
function defect(error: unknown): Diagnostic {
  return {
    severity: "error",
    summary: "Unexpected Provider Error",
    detail: `An unexpected ${describeDefect(error)}. This is a defect of yciam: please report it.`,
  };
}
