import type { Call } from "../../core/token/call";
import type { Context, Env, ExecResult } from "../../core/context";
import { formatDuration } from "../../core/options/duration";
import { CredentialError, ServiceError } from "../../core/words/errors";
import { option, say, type Text } from "../../core/words/message";
import { hideTokens, oneLine, redact, Secret, shownPath } from "../../core/words/secret";

const MAX_SUMMARY = 200;

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

/** Thrown inside here for a program that does not exist: only its caller knows whether that is an error. */
export class ProgramMissing extends Error {}

/**
 * Runs a program to its end and returns what it wrote on stdout.
 * @throws ProgramMissing when there is no such program; CredentialError when it fails, with a summary of its stderr;
 * ServiceError when it does not end in time, or says that it could not reach Yandex Cloud
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
  if (code === "ENOENT" || code === "ENOTDIR") return new ProgramMissing();
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

function exitError(
  { code, stderr, stdout }: ExecResult,
  { name, path, argv, secretArguments }: Program,
): Error {
  const confidential = [stdout.reveal(), ...(secretArguments === true ? argv.slice(1) : [])].flatMap(wordsOf);
  confidential.push(...stringsIn(stdout.reveal()));
  const said = summarize(
    redact(
      stderr,
      confidential.map((word) => new Secret(word)),
    ),
  );
  const text = say`${name} failed with exit code ${String(code)}${said === "" ? " and said nothing" : `: ${said}`}`;
  return OUTAGE.test(stderr) ? new ServiceError(text, "unreachable") : new CredentialError(text, path);
}

/** Every string in a JSON text, as it reads once its escapes are gone; none for other text. */
function stringsIn(text: string): string[] {
  const found: string[] = [];
  try {
    JSON.parse(text, (_, value: unknown) => void (typeof value === "string" && found.push(value)));
  } catch {
    return [];
  }
  return found;
}

/** A text and each word in it, longest first: a token may stand inside JSON, or behind an `=`. */
function wordsOf(text: string): string[] {
  const words = [text.trim(), ...text.split(/[\s"'=,:;{}[\]()]+/)];
  return words.filter((word) => word.length >= 6).sort((a, b) => b.length - a.length);
}

/**
 * What a program had to say, short enough and without what looks like a token: its first line that is an error, or
 * its first line at all.
 */
export function summarize(stderr: string): string {
  const lines = hideTokens(stderr)
    .split(/[\r\n]+/)
    .map((line) => hideTokens(oneLine(line.replace(/\x1b\[[\d;]*m/g, ""))))
    .filter((line) => line !== "");
  const line = lines.find((text) => /^error\b/i.test(text)) ?? lines[0] ?? "";
  return line.length <= MAX_SUMMARY ? line : `${line.slice(0, MAX_SUMMARY - 1)}…`;
}
