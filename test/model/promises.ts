import { expect } from "chai";
import { parseDuration } from "../../provider/core/options/duration";
import { ValidityError } from "../../provider/core/words/errors";
import type { IamToken } from "../../provider/core/token/token";
import type { Policy } from "../../provider/core/token/judgement";
import { type Held, MINUTE, SECOND, type World } from "./world";

/** The pause after a failed renewal: the longest that no attempt is made. */
const PAUSE_MS = 15 * SECOND;
/** So much may a clock be ahead that nobody set: `Date` has whole seconds, and small differences are not corrected. */
const NOISE_MS = 5 * SECOND;

/** One caller's end, and how the world was at that moment. */
export interface End {
  readonly policy: Policy;
  readonly left: boolean;
  /** A token, an error, or the word `left`. */
  readonly end: unknown;
  readonly server: number;
  readonly isSure: boolean;
  readonly held: Held | undefined;
}

/** Some calls of the same moment: what was before them, and what came of them. */
export interface Round {
  readonly world: World;
  readonly before: { readonly held: Held | undefined; readonly isSure: boolean; readonly server: number };
  readonly asks: World["asks"];
  readonly warnings: readonly string[];
  readonly ends: readonly End[];
}

/** The promises about one round of calls. */
export function judgeRound(round: Round): void {
  const { world, asks, ends } = round;
  expect(world.mostRunning, "exchanges at a time").to.be.at.most(1);
  if (isYoungForAll(round)) expect(asks, "requests while the token is young").to.have.length(0);
  for (const one of ends) {
    if (one.end === "left") expect(one.left).to.equal(true);
    else if (one.end instanceof Error) judgeError(round, one, one.end);
    else judgeToken(round, one, one.end as IamToken);
  }
}

/** Whether nobody had a reason to ask the service. */
function isYoungForAll({ before, ends }: Round): boolean {
  const { held, isSure, server } = before;
  if (!isSure || held?.seenAt === undefined) return false;
  const age = server - held.seenAt;
  return lastsForAll({ before, ends }) && ends.every(({ policy }) => age < policy.refreshAfterMs - NOISE_MS);
}

function lastsForAll({ before, ends }: Pick<Round, "before" | "ends">): boolean {
  const left = (before.held?.issued.expiresAt ?? 0) - before.server;
  return before.isSure && ends.every(({ policy }) => left >= policy.minRemainingMs + NOISE_MS);
}

/** Never below the promise; and asked for anew when it is old, but for a pause. */
function judgeToken({ world, asks }: Round, { policy, server, held }: End, { token }: IamToken): void {
  const issued = world.find(token.reveal());
  expect(issued.expiresAt - server, "life left").to.be.at.least(policy.minRemainingMs);
  // When a token came while the clock was ahead, its age is not known.
  if (asks.length > 0 || held?.seenAt === undefined) return;
  const lastAsked = Math.max(issued.at, ...world.asks.map(({ at }) => at));
  expect(server - lastAsked, "time since anybody was asked").to.be.at.most(
    Math.max(policy.refreshAfterMs, PAUSE_MS) + NOISE_MS,
  );
}

/** The central promise: who can know that there is a token which lives long enough, hands it out. */
function judgeFailure({ world }: Round, { policy, server, isSure, held }: End): void {
  if (!isSure) return;
  const { stored } = world;
  const left = Math.max(0, ...[held?.issued, stored].map((issued) => (issued?.expiresAt ?? 0) - server));
  expect(left, "life of the old token that was not handed out").to.be.below(
    Math.max(1, policy.minRemainingMs + NOISE_MS),
  );
}

function judgeError(round: Round, one: End, error: Error): void {
  expect(round.asks, "a failure without a request").to.have.length.above(0);
  judgeFailure(round, one);
  const cause = causeOf(round);
  const { held, policy, server, isSure } = one;
  const left = (held?.issued.expiresAt ?? 0) - server;
  if (isSure && left > NOISE_MS && left < policy.minRemainingMs) return judgeShortness(error, left, cause);
  if (cause === undefined) expect(error).to.be.instanceOf(ValidityError);
  else expect(error.message).to.match(cause);
}

/** What the last request of the round failed with; undefined when it brought a token. */
function causeOf({ world, asks }: Round): RegExp | undefined {
  const last = (asks.length > 0 ? asks : world.asks).filter(({ outcome }) => outcome !== "aborted").at(-1);
  return last?.outcome === "fails" ? /the service fails/ : undefined;
}

/** It is said how long the old token lives, what was asked for, and what failed. */
function judgeShortness(error: Error, leftMs: number, cause: RegExp | undefined): void {
  expect(error, error.message).to.be.instanceOf(ValidityError);
  const [, said = ""] = /lives only ([\dhms ]+) more/.exec(error.message) ?? [];
  // Two units are shown: of hours and minutes, the seconds are missing.
  expect(parseDuration(said.replace(/ /g, ""), "life"), error.message).to.be.within(
    leftMs - NOISE_MS - MINUTE,
    leftMs,
  );
  if (cause !== undefined) expect(error.message).to.match(cause);
}

/** Counts the warnings of one process: each outage is told, with its cause, but not at every call. */
export class Warnings {
  #lastAt: number | "unknown" = -Infinity;

  /** Another process began. */
  restart(): void {
    this.#lastAt = -Infinity;
  }

  /** A clock was set, or put right: that ends a pause too soon, or too late. */
  forget(): void {
    this.#lastAt = "unknown";
  }

  /** Judges the warnings of a round. */
  judge(round: Round): void {
    const { warnings, ends, world, before, asks } = round;
    if (this.#lastAt !== "unknown" && before.server - this.#lastAt < PAUSE_MS && lastsForAll(round))
      expect(asks, "requests during the pause").to.have.length(0);
    expect(warnings, "warnings of one round").to.have.length.at.most(1);
    for (const warning of warnings) {
      expect(warning).to.match(
        /^could not renew the IAM token; the old one is used, [\dhms ]+ are left of it: /,
      );
      expect(warning).to.match(causeOf(round) ?? /^$/);
      if (this.#lastAt !== "unknown")
        expect(world.server - this.#lastAt, "time since the last warning").to.be.at.least(
          PAUSE_MS - NOISE_MS,
        );
      this.#lastAt = world.server;
    }
    for (const end of ends) if (isServedOld(round, end)) this.#judgeSilence(end);
  }

  #judgeSilence({ server }: End): void {
    if (this.#lastAt === "unknown") return;
    expect(server - this.#lastAt, "time since the outage was told").to.be.at.most(PAUSE_MS);
  }
}

function isServedOld({ asks }: Round, { end, policy, server, held }: End): boolean {
  if (asks.some(({ outcome }) => outcome === "minted")) return false;
  if (typeof end !== "object" || end instanceof Error) return false;
  return held?.seenAt !== undefined && server - held.seenAt >= policy.refreshAfterMs + NOISE_MS;
}
