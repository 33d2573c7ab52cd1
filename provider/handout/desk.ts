import { setTimeout as delay } from "node:timers/promises";
import type { AccessKey, App, TokenResult } from "../app";
import type { Secret } from "../core/words/secret";

/** Hands out the tokens and keys of one app in a run. */
export interface Desk {
  /** As the app's `getIamToken`. */
  token(signal?: AbortSignal): Promise<TokenResult>;
  /** As the app's `getAccessKey`. */
  accessKey(): Promise<AccessKey>;
  /** As the app's. */
  now(): number;
  /** How far this host's clock is before the server's, which all times are by. Milliseconds. */
  aheadMs(): number;
}

/** Clients of a metadata service wait for a second, and some ask only once (iam-facts, 5.5). Milliseconds. */
const PROMPT_MS = 500;

/** The metadata service hands out none that lives shorter (iam-facts, 5.4). Milliseconds. */
const FLOOR_MS = 900_000;

/**
 * Makes a desk. While a renewal takes longer than clients wait, it gives the token that it gave before, if that lives on.
 * @param seen is told of each secret that is handed out
 * @param hostNow milliseconds since the epoch by this host's clock
 */
export function createDesk(
  app: Pick<App, "getIamToken" | "getAccessKey" | "now">,
  seen: (secret: Secret) => void,
  hostNow: () => number,
): Desk {
  let last: TokenResult | undefined;
  const ask = async (signal?: AbortSignal) => {
    const result = await app.getIamToken(signal);
    if (result.token.reveal() !== last?.token.reveal()) seen(result.token);
    return (last = result);
  };
  const lives = ({ expiresAt }: TokenResult) =>
    expiresAt !== undefined && Date.parse(expiresAt) - app.now() >= FLOOR_MS;
  return {
    now: () => app.now(),
    aheadMs: () => hostNow() - app.now(),
    token: async (signal) => {
      const former = last;
      const asking = ask(signal);
      if (former === undefined || !lives(former)) return asking;
      // Nobody may be there any more to hear that it failed.
      asking.catch(() => undefined);
      return Promise.race([asking, delay(PROMPT_MS, former, { ref: false })]);
    },
    accessKey: async () => {
      const key = await app.getAccessKey();
      [key.secretAccessKey, key.sessionToken].forEach(seen);
      return key;
    },
  };
}
