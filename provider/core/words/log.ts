/** Where the host's log goes. Messages hold no secret; fields are names and outcomes, never values. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
}

/** What is logged beside a message. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;
