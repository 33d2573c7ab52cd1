import type { Call } from "../../core/token/call";
import type { Context, Env, ExecResult } from "../../core/context";
import { formatDuration } from "../../core/options/duration";
import { CredentialError, ServiceError } from "../../core/words/errors";
import { option, say, type Text } from "../../core/words/message";
import { hideTokens, oneLine, redact, Secret, shownPath } from "../../core/words/secret";

const MAX_SUMMARY = 200;
/** What a program says is looked at no further than this. Characters. */
const MAX_READ = 65_536;

/** A program to run, and how errors name it. */
export interface Program {
  readonly argv: readonly [string, ...string[]];
  readonly env?: Env;
  /** The program in words; never its arguments, if they may be secret. */
  readonly name: Text;
  /** Path of the option at fault. */
  readonly path: string;
  /** Its arguments may hold a secret, which it may repeat in what it says. */
  readonly secretArguments?: boolean;
}

/**
 * Runs a program to its end and returns what it wrote on stdout.
 * @throws CredentialError when it fails, with a summary of its stderr; ServiceError when it does not end in time, or says that it could not reach Yandex Cloud
 */
export async function runProgram(program: Program, context: Context, call: Call): Promise<Secret> {
  const { argv, env, name } = program;
  const timeoutMs = call.remaining();
  const limits = { signal: call.signal, timeoutMs, ...(env === undefined ? {} : { env }) };
  const result = await context.exec(argv, limits).catch((error: unknown) => {
    call.signal.throwIfAborted();
    throw startError(error, program);
  });
  if (result.code === 0) return result.stdout;
  if (result.code === null) {
    throw new ServiceError(
      say`${name} was ended: by a signal, or because it took more than ${formatDuration(timeoutMs)}. If it waits for someone to sign in, run it once by hand; if it is just slow, raise ${option("timeout")}.`,
      "timeout",
    );
  }
  throw exitError(result, program);
}

function startError(error: unknown, { argv, name, path }: Program): Error {
  const { code } = error as { code?: unknown };
  const problem =
    code === "EACCES"
      ? say`${shownPath(argv[0])} may not be run by this user`
      : code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER"
        ? "it wrote more than 1 MiB"
        : `it could not be run (${String(code)})`;
  return new CredentialError(say`${name} gave no token: ${problem}.`, path);
}

/** Tools in Go put gRPC's own names of codes into their text; these say that the service, not the user, is at fault. */
const OUTAGE = /\b(?:Unavailable|DeadlineExceeded|ResourceExhausted)\b/;

function exitError({ code, stderr }: ExecResult, { name, path, argv, secretArguments }: Program): Error {
  const secrets = secretArguments === true ? argv.slice(1).map((word) => new Secret(word)) : [];
  const said = summarize(redact(stderr, secrets));
  const text = say`${name} failed with exit code ${String(code)}${said === "" ? " and said nothing" : `: ${said}`}`;
  return OUTAGE.test(stderr) ? new ServiceError(text, "unreachable") : new CredentialError(text, path);
}

/**
 * What a program had to say, short enough and without what looks like a token: its first line that is an error, or
 * its first line at all.
 */
export function summarize(stderr: string): string {
  const lines = hideTokens(stderr.slice(0, MAX_READ))
    .split(/[\r\n]+/)
    .map((line) => hideTokens(oneLine(line.replace(/\x1b\[[\d;]*m/g, ""))))
    .filter((line) => line !== "");
  const line = lines.find((text) => /^error\b/i.test(text)) ?? lines[0] ?? "";
  return line.length <= MAX_SUMMARY ? line : `${line.slice(0, MAX_SUMMARY - 1)}…`;
}
