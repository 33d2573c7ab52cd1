import type { TokenResult } from "../../app";
import type { Env } from "../../core/context";
import type { OptionSpecs } from "../../core/options/options";
import { IMPERSONATE, SETTINGS } from "../../core/options/settings";
import { handedOn } from "../../core/token/handed-on";
import { TOKEN_VARIABLES } from "../../handout/shells";
import { resolvers } from "../../resolvers";

/** What a program that is run gets in its environment, beside what is there. */
export interface Handed {
  readonly result: TokenResult;
  /** More variables for the token. */
  readonly names: readonly string[];
  /** Variables of servers that run beside it. */
  readonly served: Readonly<Record<string, string>>;
  /** Whether variables stay that say how yciam came to the token. */
  readonly keepsCredentials: boolean;
}

/** It would say how long another token lives. */
const EXPIRES_AT = "YCIAM_IAM_TOKEN_EXPIRES_AT";

/** An address is no credential. */
const METADATA_ADDRESS = "YC_METADATA_ADDR";

/** Variables that say whose token is wanted. */
const IDENTITY = [
  ...variablesIn({ resolvers: SETTINGS.resolvers }),
  ...variablesIn(IMPERSONATE),
  ...resolvers.flatMap(({ options }) => variablesIn(options)),
].filter((name) => name !== METADATA_ADDRESS);

function variablesIn(options: OptionSpecs): readonly string[] {
  const all = Object.values(options).flatMap(({ env = [] }) => env);
  return all.map((one) => (typeof one === "string" ? one : one.name));
}

/**
 * The environment of a program that is handed a token. What yciam itself made the token from is left out: Yandex's
 * Terraform provider takes a key before a token, so that an impersonated account would be lost in silence; Packer refuses
 * both at once (iam-facts, 11.2); and a program needs no key that outlives its work.
 */
export function environmentFor(env: Env, { result, names, served, keepsCredentials }: Handed): Env {
  const dropped = new Set(keepsCredentials ? [EXPIRES_AT] : IDENTITY);
  const kept = Object.entries(env).filter(([name]) => !dropped.has(name));
  const token = [...TOKEN_VARIABLES, ...names].map((name) => [name, result.token.reveal()]);
  const life = result.expiresAt === undefined ? [] : [[EXPIRES_AT, result.expiresAt]];
  const { [METADATA_ADDRESS]: server } = served;
  const renewed = server === undefined ? {} : handedOn(result.token, server);
  return Object.fromEntries([
    ...kept,
    ...token,
    ...life,
    ...Object.entries({ ...served, ...renewed }),
  ]) as Env;
}
