import type { TokenResult } from "../app";
import { OptionError } from "../core/words/errors";

/**
 * What a token is called in an environment: YC_TOKEN is what Yandex's own Terraform provider reads, YC_IAM_TOKEN what
 * `yc` and this package do.
 */
export const TOKEN_VARIABLES = ["YC_IAM_TOKEN", "YC_TOKEN"] as const;

/** Sets a variable, as a shell or a reader of files would read it; a value has no line break. */
type Assign = (name: string, value: string) => string;

const ASSIGN = {
  env: (name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  fish: (name, value) => `set -gx ${name} '${value.replace(/[\\']/g, "\\$&")}'`,
  // PowerShell takes typographic quotes for plain ones.
  powershell: (name, value) => `$env:${name} = '${value.replace(/['\u2018-\u201b]/g, "$&$&")}'`,
  dotenv: assignPlainly,
  gitlab: assignPlainly,
} as const satisfies Readonly<Record<string, Assign>>;

/** A form in which variables are set. */
export type ShellForm = keyof typeof ASSIGN;

/** The forms in which {@link tokenText} gives a token. */
export const TOKEN_FORMS = [
  "token",
  "json",
  "header",
  "env",
  "fish",
  "powershell",
  "dotenv",
  "gitlab",
] as const;

/** One of {@link TOKEN_FORMS}. */
export type TokenForm = (typeof TOKEN_FORMS)[number];

/** What no reader of such files takes for a quote, a variable, a comment or an escape: each has rules of its own. */
const PLAIN = /^[\w.,:+/=@%~-]*$/;

function assignPlainly(name: string, value: string): string {
  if (PLAIN.test(value)) return `${name}=${value}`;
  throw new OptionError(
    `the value of ${name} has a character that some readers of such a file take for an order of theirs: hand it on in another form.`,
    "output",
  );
}

/**
 * A line for each variable, without a line break at the end.
 * @throws OptionError for a value that a file has no sure form for
 */
export function assignments(values: Readonly<Record<string, string>>, form: ShellForm): string {
  return Object.entries(values)
    .map(([name, value]) => ASSIGN[form](name, value))
    .join("\n");
}

/** The token under each of {@link TOKEN_VARIABLES}. */
export function tokenVariables({ token }: Pick<TokenResult, "token">): Readonly<Record<string, string>> {
  return Object.fromEntries(TOKEN_VARIABLES.map((name) => [name, token.reveal()]));
}

/**
 * The token as text, with a line break at its end.
 * @throws OptionError for a token that the form cannot hold
 */
export function tokenText(result: TokenResult, form: TokenForm): string {
  const token = result.token.reveal();
  const header = result.authorizationHeader.reveal();
  if (form === "token") return `${token}\n`;
  if (form === "header") return `Authorization: ${header}\n`;
  if (form === "json")
    return `${JSON.stringify({ ...result, token, authorizationHeader: header }, null, 2)}\n`;
  return `${assignments(tokenVariables(result), form)}\n`;
}
