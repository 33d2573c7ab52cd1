/** The machine that a host runs on. */
export interface Machine {
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The host's clock: milliseconds since the epoch. */
  readonly now: () => number;
}

/** Options in camelCase, as `createApp` takes them; the driver writes them as the host's users do. */
export type Options = Readonly<Record<string, unknown>>;

/** A token was given: every value that the host showed, by its name in camelCase. */
export interface Given {
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Names of the values that the host marked as secret in its own way; in any order. */
  readonly secret: readonly string[];
}

/** No token was given: all that the host's user is told. */
export interface Refused {
  readonly message: string;
}

/** What a host answers. */
export type Answer = Given | Refused;

/** A running host. */
export interface Host {
  /** An option's path, such as `serviceAccountKey.file`, as the host's users write it. */
  spell(path: string): string;
  /** Asks for a token. Aborting the signal is what a user's Ctrl-C comes to. */
  ask(options: Options, signal?: AbortSignal): Promise<Answer>;
  /** Warnings for the user, oldest first. */
  warnings(): readonly string[];
  /** All that it printed, logged or sent, but for the secret values of its answers: where nothing may leak. */
  said(): string;
  close(): Promise<void>;
}

/** Starts one kind of host; each host's own test hands one to the shared scenarios. */
export interface HostDriver {
  readonly name: string;
  start(machine: Machine): Promise<Host>;
}

/** Whether a token was given. */
export function isGiven(answer: Answer): answer is Given {
  return "values" in answer;
}
