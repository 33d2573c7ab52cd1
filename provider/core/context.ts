import type { Env } from "./options/read";
import type { Session } from "./token/session";
import type { TokenStore } from "./token/store";
import type { Log } from "./words/log";
import type { Spelling } from "./words/message";
import type { Secret } from "./words/secret";

export type { Env } from "./options/read";
export type { StoreSlot, StoreWait, TokenStore } from "./token/store";
export type { Log } from "./words/log";

/** Reads files. Rejects with Node's own error codes (`ENOENT`, `EACCES`, `EISDIR`). */
export interface Files {
  /**
   * The whole file as UTF-8; `~/` at the start is the home folder. At most 1 MiB is read. A pipe is read until its
   * writer closes it, and its content is remembered: nobody can read it a second time.
   */
  read(path: string, limits?: ReadLimits): Promise<string>;
  /** Is another one when a plain file has changed; undefined for pipes and devices, and where none can be seen. */
  version(path: string): string | undefined;
}

/** What ends the wait for the writer of a pipe; a plain file is read without waiting. */
export interface ReadLimits {
  readonly signal?: AbortSignal;
  /** Milliseconds, after which the read rejects with the code `ETIMEDOUT`. */
  readonly timeoutMs?: number;
}

/** One program run to its end. */
export interface ExecResult {
  /** Exit code, or `null` when a signal or the time limit ended it. */
  readonly code: number | null;
  readonly stdout: Secret;
  readonly stderr: string;
}

/** How a program is run. */
export interface ExecOptions {
  readonly signal: AbortSignal;
  /** Milliseconds after which it is killed. */
  readonly timeoutMs: number;
  readonly env?: Env;
}

/** Runs a program without a shell. Rejects with Node's error codes when it cannot start (`ENOENT`, `EACCES`). */
export type Exec = (argv: readonly [string, ...string[]], options: ExecOptions) => Promise<ExecResult>;

/** A value in a request body or header; secrets stay wrapped until the moment they are sent. */
export type RequestValue = string | Secret;

/** One HTTP request, with its whole budget. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** Absolute URL; plain http must have been allowed by whoever made it. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, RequestValue>>;
  readonly json?: Readonly<Record<string, RequestValue>>;
  readonly form?: Readonly<Record<string, RequestValue>>;
  readonly signal: AbortSignal;
  /** Milliseconds for everything: all attempts and the waits between them. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** Milliseconds to open a connection; default 10 s. */
  readonly connectTimeoutMs?: number;
  /** Certificates in PEM of authorities that are trusted for this request, beside those that always are. */
  readonly ca?: string;
}

/** A 2xx reply, already limited in size. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Secret;
  /** The server's `Date`, in milliseconds since the epoch, if it sent one. */
  readonly serverTime?: number;
  /** Milliseconds since the headers came: what they say is so much old. */
  readonly ageMs?: number;
}

/**
 * Sends a request. Rejects with `ServiceError` for everything but 2xx, and with the signal's reason when aborted.
 */
export type Http = (request: HttpRequest) => Promise<HttpReply>;

/** What is remembered, from one run to the next, of the program that started this process. Holds no secret. */
export interface ParentNotes {
  /** Undefined where nothing is remembered, or nothing can be; never rejects. */
  read(subject: string): Promise<string | undefined>;
  /** @param note one short line. That it cannot be kept is no error. */
  write(subject: string, note: string): Promise<void>;
}

/** The outside world, given to everything that needs it. */
export interface Context {
  readonly env: Env;
  readonly files: Files;
  readonly exec: Exec;
  /**
   * The absolute path of a program on PATH, or undefined. Folders that PATH names by a relative path, and the current
   * folder, are not looked in; a path is returned as it is where there is a file.
   */
  readonly which: (program: string) => Promise<string | undefined>;
  readonly http: Http;
  /** Loads what the first request takes, for who has time until then: to load it takes some 15 ms. */
  readonly loadHttp?: () => void;
  /** Wall clock of the host, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds from any start, which never jump; default `steadyNow`. */
  readonly monotonic?: () => number;
  readonly log: Log;
  /** Whether a person sits at a terminal. */
  readonly interactive: boolean;
  /** The home folder, where `~` points. */
  readonly home: string;
  /** What the process remembers between calls: tokens, clocks, addresses. */
  readonly session: Session;
  /** Tokens that outlive the process; absent where there is no disk. */
  readonly store?: TokenStore;
  /** Absent where there is no disk, and in hosts that need none. */
  readonly parentNotes?: ParentNotes;
  /** How this host's users write an option. */
  readonly spelling: Spelling;
  /** Loads a user's resolver module by path or package name. */
  readonly loadModule: (specifier: string) => Promise<unknown>;
}
