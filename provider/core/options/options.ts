import type { Secret } from "../words/secret";

/** A variable that counts only when its value passes `when`: `YC_TOKEN` means two things in the field. */
export interface ConditionalVariable {
  readonly name: string;
  readonly when: (value: string) => boolean;
  /** When it counts, in words, for the documentation. */
  readonly note: string;
}

/** The value types that an option can have. */
export interface OptionTypes {
  string: string;
  path: string;
  url: string;
  secret: Secret;
  enum: string;
  /** Milliseconds. */
  duration: number;
  integer: number;
  boolean: boolean;
  stringList: readonly string[];
}

/** All that is known of one option: every schema, table and message is made from it. */
export interface OptionSpec {
  readonly kind: keyof OptionTypes;
  /** Set for values that must not be shown; kind `secret` always is. */
  readonly secret?: boolean;
  /** Kind `secret` alone: an object is taken too, as the JSON of it. */
  readonly json?: boolean;
  /** Variables that set it, first one wins. */
  readonly env?: readonly (string | ConditionalVariable)[];
  /** One sentence for users. */
  readonly doc: string;
  /** The words allowed for kind `enum`. */
  readonly values?: readonly string[];
  /** The default, as a user would write it; for documentation and for reading. */
  readonly default?: string;
  /** Whole numbers: the least and the greatest allowed. */
  readonly range?: readonly [number, number];
}

/** Whether an option's value must not be shown. */
export function isSecretOption({ kind, secret }: OptionSpec): boolean {
  return kind === "secret" || secret === true;
}

/** Whether the text is a secret as this option's value. The path of a key file is none; its content, in its place, is. */
export function isSecretText(spec: OptionSpec, text: string): boolean {
  const isContent = spec.kind === "path" && spec.secret === true && text.trimStart().startsWith("{");
  return spec.kind === "secret" || isContent;
}

/**
 * The variables that set an option; those that count only under a condition say so.
 * @param show writes a name, in code marks say
 */
export function variablesOf({ env = [] }: OptionSpec, show = (name: string) => name): readonly string[] {
  return env.map((one) => (typeof one === "string" ? show(one) : `${show(one.name)} ${one.note}`));
}

/** Options by name. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** The values of some options, typed by their kind; absent when not set. */
export type OptionValues<O extends OptionSpecs> = { readonly [K in keyof O]?: OptionTypes[O[K]["kind"]] };
