import type { Text } from "../words/message";
import type { Secret } from "../words/secret";
import type { KeyHolder } from "./access-key";
import type { ServerClock } from "./clock";
import { Flight } from "./flight";
import { Recent } from "./recent";
import type { Holder } from "./source";
import { digest, type IamToken } from "./token";

/** What is known of a metadata service. */
export class MetadataMemory {
  /** It answered once in this process: from then on it is there. */
  isThere = false;
  /** Callers of one moment share a request. */
  readonly flight = new Flight<IamToken>();
  /** Why it had no token for this instance, and when that was found; milliseconds by a clock that never jumps. */
  absence: { readonly reason: Text; readonly remedy: Text; readonly at: number } | undefined;
}

/** What a process remembers between calls. A host makes one at its start, so that many calls share one token. */
export class Session {
  /** Tokens by credential, endpoints and impersonation. */
  readonly holders = new Recent<Holder>(1000);
  /** Access keys by token, by what was asked for, and by endpoints. */
  readonly accessKeys = new Recent<KeyHolder>(1000);
  /** Clocks of servers by endpoints: they outlive many tokens. */
  readonly clocks = new Recent<ServerClock>(100);
  /** Addresses of IAM that API roots listed, by root. */
  readonly addresses = new Map<string, string>();
  /** Metadata services by address. */
  readonly metadata = new Recent<MetadataMemory>(100);
  /** The earliest end that was worked out for the token of a function's context, in milliseconds, by its digest. */
  readonly contextEnds = new Recent<{ expiresAt: number }>(1000);
  /** Whether the end of OAuth tokens was spoken of. */
  isOauthTold = false;

  /** Digests of tokens that turned out to be dead: a store may still have them, and an answer may be on its way. */
  private readonly dead = new Recent<true>(1000);

  /** Whether a token is known to be dead. */
  isDead(token: Secret): boolean {
    return this.dead.get(digest(token.reveal())) === true;
  }

  /** Drops a token that turned out to be dead, whichever credential it came from. */
  forget(token: Secret): void {
    this.dead.add(digest(token.reveal()), true);
    this.drop(token);
  }

  /** Drops a token that may be good after all: it is kept again when the service gives it once more. */
  drop(token: Secret): void {
    for (const holder of this.holders.values())
      if (holder.held?.token.token.reveal() === token.reveal()) holder.held = undefined;
  }
}
