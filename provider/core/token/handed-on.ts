import type { Env } from "../options/read";
import type { Secret } from "../words/secret";
import { fingerprint } from "./token";

/** Stands beside a token in the environment: where new ones are served, and the fingerprint of the one that they replace. */
const VARIABLE = "YCIAM_EXEC_SERVER";

/**
 * What `yciam exec` puts beside the token that it hands on.
 * @param address `host:port` of a server with the protocol of a metadata service
 */
export function handedOn(token: Secret, address: string): Readonly<Record<string, string>> {
  return { [VARIABLE]: `${address} ${fingerprint(token)}` };
}

/** Where new tokens are served in the place of this one, `host:port`; undefined for one that was not handed on so. */
export function serverOf(token: Secret, env: Env): string | undefined {
  const [, address, replaced] =
    /^((?:127\.0\.0\.1|\[::1\]):\d{1,5}) ([\da-f]{12})$/.exec(env[VARIABLE] ?? "") ?? [];
  return replaced === fingerprint(token) ? address : undefined;
}
