import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Env } from "../../core/context";
import { shownPath } from "../../core/words/secret";
import type { Secrets } from "../../handout/mask";
import type { Io } from "../io";
import { passOn } from "./output";
import { openPipes, type Pipe } from "./pipes";
import { hasTerminal, ignoresHangup, isInForeground } from "./terminal";

/** A program to be run. */
export interface Program {
  readonly words: readonly string[];
  readonly env: Env;
  /** What must not be in its output; undefined where that is left to itself. */
  readonly masked?: Secrets | undefined;
}

/** As a shell says it: there is no such program; there is one that cannot be run; a signal ended it. */
const CODES = { absent: 127, refused: 126, signal: 128 } as const;

/** What may be sent to us for the program. A terminal sends the first three to its whole foreground group by itself. */
const OF_TERMINAL: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGHUP"];
const OF_OTHERS: readonly NodeJS.Signals[] = ["SIGTERM", "SIGUSR1", "SIGUSR2"];

/**
 * Runs a program to its end, with our own standard input and output, and answers its exit code. Signals reach it once:
 * some programs, such as Terraform, take a second one for an order to drop everything. At a terminal it is in our group,
 * which gets what is typed. Where there is none it has a session of its own, and all that it gets comes by us.
 */
export async function runChild(program: Program, { stderr, mindSignals, leaveOutput }: Io): Promise<number> {
  const atTerminal = hasTerminal();
  const early: NodeJS.Signals[] = [];
  let child: ChildProcess | undefined;
  const hangup = ignoresHangup() ? "SIGHUP" : undefined;
  mindSignals(
    [...OF_TERMINAL, ...OF_OTHERS].filter((name) => name !== hangup),
    (name) => {
      if (child === undefined) early.push(name);
      // What it left behind may hold its output open.
      else if (hasEnded(child)) process.exit(codeIn(child));
      else if (!atTerminal || OF_OTHERS.includes(name) || !isInForeground()) child.kill(name);
    },
  );
  const { masked } = program;
  const pipes = masked === undefined ? [] : await openPipes();
  try {
    child = await start(program, !atTerminal, pipes);
  } catch (error) {
    pipes.forEach((pipe) => pipe.read(null));
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    const isAbsent = code === "ENOENT";
    const reason = isAbsent ? "there is no such program" : `the system refuses it (${code})`;
    stderr.write(`yciam: ${shownPath(program.words[0] ?? "")} cannot be run: ${reason}.\n`);
    return isAbsent ? CODES.absent : CODES.refused;
  }
  for (const name of early) child.kill(name);
  if (masked !== undefined) leaveOutput();
  const passing = masked === undefined ? [] : passOutput(child, pipes, masked);
  if (!hasEnded(child)) await once(child, "exit");
  await Promise.all(passing.map((end) => end()));
  return codeIn(child);
}

async function start(
  { words, env }: Program,
  detached: boolean,
  [out, err]: readonly Pipe[],
): Promise<ChildProcess> {
  const [program = "", ...args] = words;
  const stdio = ["inherit", out?.to ?? "inherit", err?.to ?? "inherit"] as const;
  const child = spawn(program, args, { env: { ...env }, stdio: [...stdio], detached });
  await once(child, "spawn");
  // Of a signal that cannot be sent.
  child.on("error", () => undefined);
  return child;
}

function passOutput({ stdout, stderr }: ChildProcess, [out, err]: readonly Pipe[], masked: Secrets) {
  const streams = [
    [out?.read(stdout), process.stdout],
    [err?.read(stderr), process.stderr],
  ] as const;
  return streams.flatMap(([from, to]) => (from === undefined ? [] : passOn(from, to, masked)));
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function codeIn({ exitCode, signalCode }: ChildProcess): number {
  return exitCode ?? CODES.signal + constants.signals[signalCode ?? "SIGKILL"];
}
