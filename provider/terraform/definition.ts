import { type ObjectValue } from "./cty/value";
import { type Diagnostic, type Translate } from "./errors";
import { type Schema } from "./schema";

/** What a handler knows of its call. */
export interface CallContext {
  /** Aborts when the host cancels, its deadline passes, or its user interrupts. */
  readonly signal: AbortSignal;
  /** Adds a warning to the answer, whether the call succeeds or fails. */
  readonly warn: (warning: Omit<Diagnostic, "severity">) => void;
}

/**
 * Looks at a configuration before anything is done. Values may be UNKNOWN, or null. Returns what is wrong.
 */
export type Validate = (config: ObjectValue, context: CallContext) => Promise<readonly Diagnostic[]>;

/** A data source. `C` is what the provider's `configure` made. */
export interface DataSource<C> {
  readonly schema: Schema;
  readonly validate?: Validate;
  /** The whole state, configuration included. The configuration given is wholly known. */
  readonly read: (config: ObjectValue, configured: C, context: CallContext) => Promise<ObjectValue>;
}

/** What opening an ephemeral resource gives. */
export interface Opened {
  /** The whole value, configuration included. */
  readonly result: ObjectValue;
  /** When to call `renew`; without it, never. */
  readonly renewAt?: Date;
  /** For the resource's own use at `renew`. The host keeps it in memory only. */
  readonly private?: Uint8Array;
}

/** What renewing gives. The value that was handed out at opening cannot change. */
export type Renewed = Omit<Opened, "result">;

/** An ephemeral resource. Nothing is done when it is closed: both CLIs skip that after a failure or Ctrl-C. */
export interface EphemeralResource<C> {
  readonly schema: Schema;
  readonly validate?: Validate;
  /** The configuration given is wholly known: hosts wait until it is. */
  readonly open: (config: ObjectValue, configured: C, context: CallContext) => Promise<Opened>;
  /** Terraform drops its errors and its warnings; OpenTofu shows them. */
  readonly renew?: (secret: Uint8Array | undefined, configured: C, context: CallContext) => Promise<Renewed>;
}

/** What is told of a parameter of a function, which is text that has to be known and not null. */
export interface Parameter {
  readonly name: string;
  /** Markdown. */
  readonly description: string;
}

/** A function from texts to a text: it needs no configuration, and asks nobody. */
export interface ProviderFunction {
  readonly summary: string;
  /** Markdown. */
  readonly description: string;
  readonly parameters: readonly Parameter[];
  /** Takes all arguments after the others. */
  readonly rest?: Parameter;
  /** Throws ArgumentError for an argument that is wrong. */
  readonly call: (args: readonly string[]) => string;
}

/** A whole provider: what it offers, and the work behind it. Nothing is done before a host asks. */
export interface ProviderDefinition<C> {
  readonly schema: Schema;
  readonly validate?: Validate;
  /** The configuration given is wholly known: an unknown one is refused before. */
  readonly configure: (config: ObjectValue, context: CallContext) => Promise<C>;
  readonly dataSources: Readonly<Record<string, DataSource<C>>>;
  readonly ephemeralResources: Readonly<Record<string, EphemeralResource<C>>>;
  readonly functions: Readonly<Record<string, ProviderFunction>>;
  /** What to show for an error that a handler throws, where that is no DiagnosticError. */
  readonly translate: Translate;
}
