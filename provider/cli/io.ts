/** What a command needs of its process. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Reads standard input to its end. */
  readonly stdin: () => Promise<string>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** From now on the command minds signals itself, and none ends it. */
  readonly mindSignals: (names: readonly NodeJS.Signals[], mind: (name: NodeJS.Signals) => void) => void;
  /** From now on the command minds errors of the standard output itself, and none ends it. */
  readonly leaveOutput: () => void;
}

/** A stream that text is written to. */
export interface Output {
  write(text: string): unknown;
  /** Whether a person reads it. */
  readonly isTTY?: boolean;
}

/** Exit codes; each command's help names them. */
export const EXIT = { ok: 0, failed: 1, nobodyAnswers: 2, usage: 64, interrupted: 130 } as const;
