import type { Context, Files } from "../context";
import { trusting } from "../iam/authority";
import { Iam } from "../iam/iam";
import { type Call, within } from "../token/call";
import { ServerClock } from "../token/clock";
import { Holder, KeptSource, type Keeping, type TokenSource } from "../token/source";
import { digest } from "../token/token";
import { NoCredentialError, type Refusal, ServiceError } from "../words/errors";
import { say } from "../words/message";
import type { Secret } from "../words/secret";
import { impersonated } from "./impersonation";
import { loadResolvers } from "./own-resolvers";
import type { Candidate, Plan } from "./plan";
import { isUnavailable, type Unavailable } from "./resolver";

/** The candidate that answers, and its source with memory and impersonation around it. */
export interface Chosen {
  readonly candidate: Candidate;
  readonly source: KeptSource;
  readonly versions: Versions;
}

/** The files that were read, by path, and how each stood before. */
export type Versions = ReadonlyMap<string, string | undefined>;

/** Walks one plan's candidates: *unavailable* alone moves on, and anything thrown stops. */
export class Chain {
  readonly context: Context;
  readonly iam: Iam;
  private loaded: readonly Candidate[] | undefined;

  constructor(
    readonly plan: Plan,
    host: Context,
  ) {
    const { authorities, endpoints } = plan;
    this.context = authorities === undefined ? host : trusting(host, authorities.file, authorities.from);
    const { clocks } = host.session;
    const { identity } = endpoints;
    const clock = clocks.get(identity) ?? clocks.add(identity, new ServerClock(host.now, host.monotonic));
    this.iam = new Iam(this.context, endpoints, clock);
  }

  /**
   * The first candidate that has a credential.
   * @param former the one that answered before: it stands, since another would be another identity in the midst of a run
   * @throws NoCredentialError when none has one; whatever a resolver throws
   */
  async choose(call: Call, former?: Candidate): Promise<Chosen> {
    const refusals: Refusal[] = [];
    const candidates =
      former === undefined ? (this.plan.candidates ?? (await this.candidates(call))) : [former];
    for (const candidate of candidates) {
      const versions = new Map<string, string | undefined>();
      const answer = await this.open(candidate, call, false, versions);
      if (!isUnavailable(answer)) return { candidate, source: answer, versions };
      const { reason, remedy } = answer;
      if (former !== undefined) {
        throw new ServiceError(
          say`the credential that gave tokens so far gives none any more: ${reason}. To mend that: ${remedy}.`,
          "unreachable",
        );
      }
      refusals.push({ resolver: candidate.resolver.name, reason, remedy });
    }
    throw new NoCredentialError(refusals);
  }

  /** The candidates; modules of the user's own are loaded for them, once. */
  async candidates(call: Call): Promise<readonly Candidate[]> {
    const { modules, candidates, candidatesWith } = this.plan;
    if (candidates !== undefined) return candidates;
    return (this.loaded ??= candidatesWith(await within(call, loadResolvers(modules, this.context))));
  }

  /**
   * Asks one resolver whether it has a credential.
   * @param versions the files that it reads are noted here, now and later
   */
  async open(
    { resolver, named, only, read }: Candidate,
    call: Call,
    dryRun: boolean,
    versions = new Map<string, string | undefined>(),
  ): Promise<KeptSource | Unavailable> {
    const { iam } = this;
    const { files } = this.context;
    const noting: Files = {
      ...files,
      read: async (path, limits) => {
        versions.set(path, files.version(path));
        return files.read(path, limits);
      },
    };
    const context = { ...this.context, files: noting };
    const { values: options, source, isFromVariable } = read;
    const parts = { options, source, isFromVariable, context, iam, named, only, dryRun, call };
    const answer = await resolver.resolve(parts);
    if (isUnavailable(answer)) return answer;
    const { policy, impersonate, timeoutMs } = this.plan;
    if (impersonate === undefined) return this.#keep(answer, policy);
    // The caller's own token is not handed out: it need only last this call.
    const own = this.#keep(answer, { ...policy, minRemainingMs: Math.min(policy.minRemainingMs, timeoutMs) });
    return this.#keep(
      impersonated(own, impersonate, iam, (token) => this.forget(token)),
      policy,
    );
  }

  /** Drops a token that turned out to be dead, in memory and on disk. */
  async forget(token: Secret): Promise<void> {
    this.context.session.forget(token);
    await this.context.store?.forget(token);
  }

  /** Drops a token that somebody else refused. IAM knows better: when it gives that one again, it is kept again. */
  async drop(token: Secret): Promise<void> {
    this.context.session.drop(token);
    await this.context.store?.forget(token);
  }

  #keep(source: TokenSource, policy: Keeping["policy"]): KeptSource {
    const { log, spelling, session, store } = this.context;
    const { clock, endpoints } = this.iam;
    const identity = digest(JSON.stringify([source.id, endpoints.identity]));
    const { cache } = this.plan;
    // Who keeps nothing shares nothing with those who do.
    const name = cache === "none" ? `${identity} none` : identity;
    const holder = session.holders.get(name) ?? session.holders.add(name, new Holder());
    const isDead = (token: Secret) => session.isDead(token);
    const parts = { holder, clock, policy, identity, cache, isDead, log, spelling };
    return new KeptSource(source, store === undefined ? parts : { ...parts, store });
  }
}
