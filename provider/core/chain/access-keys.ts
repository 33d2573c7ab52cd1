import { explainKeyRefusal, issueAccessKey } from "../iam/access-key";
import { withLiveToken } from "../iam/live-token";
import { type AccessKeyOptions, type AccessKeyRequest, readAccessKeyOptions } from "../options/access-key";
import { formatDuration } from "../options/duration";
import { MAX_LIFE_MS } from "../options/settings";
import { type AccessKey, type HeldKey, judgeKey, KeyHolder } from "../token/access-key";
import { type Call, startCall, within } from "../token/call";
import { Recent } from "../token/recent";
import type { TokenResult } from "../token/result";
import { digest } from "../token/token";
import { describeDefect } from "../words/defect";
import { ValidityError, YciamError } from "../words/errors";
import { option, renderText, say } from "../words/message";
import type { Chain } from "./chain";

/** Gives tokens. */
export type GetToken = (signal: AbortSignal) => Promise<TokenResult>;

/** A token is asked to outlive the key by this much, since time passes until IAM looks at it. Milliseconds. */
const MARGIN_MS = 60_000;

/** After a failed renewal the old key is served for this long before the next attempt. Milliseconds. */
const PAUSE_MS = 15_000;

/**
 * Gives ephemeral access keys. All who ask in the same words share one, until half of its life is over; when a new one
 * cannot be had then, the old one is served as long as it lives.
 */
export class AccessKeys {
  private readonly held = new Recent<HeldKey>(100);
  private readonly tokens = new Recent<GetToken>(100);
  private failedAt = -Infinity;

  /** @param tokensOf gives tokens that live at least so many milliseconds more */
  constructor(
    private readonly chain: Chain,
    private readonly tokensOf: (minRemainingMs: number) => GetToken,
  ) {}

  /**
   * A key.
   * @throws OptionError for an option that cannot be used; ValidityError where no token lives as long as the key shall;
   * whatever the chain throws
   */
  async get(given: AccessKeyOptions, call: Call): Promise<AccessKey> {
    const request = readAccessKeyOptions(given);
    const name = JSON.stringify(request);
    const { clock } = this.chain.iam;
    const old = this.held.get(name);
    const judgement = old === undefined ? "dead" : judgeKey(old, clock.now());
    if (old === undefined || judgement === "dead") return (await this.#renew(name, request, call)).key;
    if (judgement === "fresh" || clock.now() - this.failedAt < PAUSE_MS) return old.key;
    try {
      // While there is a key to give, whatever hangs must not take all of the time.
      return (await this.#renew(name, request, startCall(call.signal, call.remaining() / 2, call.retries)))
        .key;
    } catch (error) {
      if (call.signal.aborted) throw error;
      this.#warn(old, error);
      return old.key;
    }
  }

  async #renew(name: string, request: AccessKeyRequest, call: Call): Promise<HeldKey> {
    const { chain } = this;
    const tokens = {
      get: () => this.#token(request, call.signal),
      forget: chain.forget.bind(chain),
      explain: explainKeyRefusal,
    };
    const next = await within(
      call,
      withLiveToken(tokens, async ({ token }) => {
        const holder = this.#holderOf(digest(token.reveal()), name);
        const { held } = holder;
        if (held !== undefined && judgeKey(held, chain.iam.clock.now()) === "fresh") return held;
        return holder.flight.join(call, async (shared) => {
          const made = await issueAccessKey(chain.iam, token, request, shared);
          if (chain.plan.cache !== "none") holder.held = made;
          return made;
        });
      }),
    );
    this.#checkLife(next, request);
    if (chain.plan.cache !== "none") this.held.add(name, next);
    return next;
  }

  async #token(request: AccessKeyRequest, signal: AbortSignal): Promise<TokenResult> {
    const { durationMs } = request;
    const least = Math.min(
      Math.max(durationMs + MARGIN_MS, this.chain.plan.policy.minRemainingMs),
      MAX_LIFE_MS - 1,
    );
    const get = this.tokens.get(String(least)) ?? this.tokens.add(String(least), this.tokensOf(least));
    try {
      return await get(signal);
    } catch (error) {
      if (!(error instanceof ValidityError)) throw error;
      throw new ValidityError(
        say`an access key dies with the token that asks for it, so there is none for ${option("duration")} of ${formatDuration(durationMs)}: ${error.text}`,
      );
    }
  }

  /** Other apps of this process with the same token have the same keys. */
  #holderOf(token: string, name: string): KeyHolder {
    const { plan, context, iam } = this.chain;
    const { accessKeys } = context.session;
    const id = digest(JSON.stringify([token, name, iam.endpoints.identity, plan.cache === "none"]));
    return accessKeys.get(id) ?? accessKeys.add(id, new KeyHolder());
  }

  #checkLife(made: HeldKey, { durationMs }: AccessKeyRequest): void {
    const { log, spelling } = this.chain.context;
    const { issuedAt, expiresAt } = made;
    const left = formatDuration(expiresAt - issuedAt);
    const why = say`the access key that IAM gave lives only ${left}: it dies with the token that asked for it.`;
    if (judgeKey(made, this.chain.iam.clock.now()) === "dead") throw new ValidityError(why);
    if (expiresAt - issuedAt < durationMs - MARGIN_MS) log.warn(renderText(why, spelling));
  }

  #warn(old: HeldKey, error: unknown): void {
    const { log, spelling } = this.chain.context;
    const now = this.chain.iam.clock.now();
    const cause = error instanceof YciamError ? error.text : `an unexpected ${describeDefect(error)}.`;
    const left = formatDuration(old.expiresAt - now);
    log.warn(
      renderText(
        say`could not renew the access key; the old one is used, ${left} are left of it: ${cause}`,
        spelling,
      ),
    );
    this.failedAt = now;
  }
}
