import { writeSync } from "node:fs";

/** Levels of go-plugin's logger (hclog), lowest first. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

/** Extra facts of a log line. Names starting with "@" belong to hclog and are left out. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line per call; the host shows it under TF_LOG with level and fields. Never pass a secret. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

/** Where log lines go and how they are stamped. */
export interface LoggerOptions {
  /** Shown by the host as `@module`. */
  readonly module: string;
  /** Takes one line, newline included. Default: stderr, which is where the host reads. */
  readonly write?: (line: string) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * A logger that speaks hclog's JSON form on stderr.
 *
 * Source: go-plugin `log_entry.go`. It parses the time with layout `.000000`, so six digits: with JavaScript's
 * three the host shows the raw JSON at DEBUG, whatever its level.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { module, now = Date.now, write = toStderr } = options;
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    const head = { "@level": level, "@message": message, "@module": module, "@timestamp": timestamp(now()) };
    write(`${serialise({ ...own(fields), ...head })}\n`);
  };
  return { trace: at("trace"), debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Writes to stderr as to a file: to make the stream `process.stderr` takes a millisecond of each start. */
export function toStderr(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    // A host that died has closed the pipe. What nobody reads is no reason to fail.
  }
}

function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "000Z");
}

function own(fields: LogFields = {}): LogFields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !name.startsWith("@")));
}

function serialise(line: LogFields): string {
  return JSON.stringify(line, (_name, value: unknown) => {
    if (typeof value === "bigint") return value.toString();
    return value instanceof Error ? `${value.name}: ${value.message}` : value;
  });
}
