import { type Call, sooner } from "../token/call";
import type { Link } from "./chain";
import { CredentialError } from "../words/errors";
import { impersonated } from "./impersonation";
import { isUnavailable, type Resolver, type TokenSource, type Unavailable } from "./resolver";
import { type Candidate, groupOptions } from "./selection";
import type { Setup } from "./setup";
import { assertLife } from "../token/token-life";
import { cached } from "../token/token-source";
import { canBeToken, digest } from "../token/token";

/** Who asks, and whether a token is wanted or only an explanation. */
export interface Purpose {
  readonly call: Call;
  readonly dryRun: boolean;
}

/** Binds a candidate to its options; nothing is read before the chain opens it. */
export function toLink(setup: Setup, candidate: Candidate, purpose: Purpose): Link {
  return {
    resolver: candidate.resolver.name,
    open: async () => {
      const source = await openResolver(setup, candidate, purpose);
      return isUnavailable(source) ? source : finish(setup, source);
    },
  };
}

async function openResolver(
  setup: Setup,
  candidate: Candidate,
  purpose: Purpose,
): Promise<TokenSource | Unavailable> {
  const resolver: Resolver = candidate.resolver;
  const { values, source } = groupOptions(setup.config, resolver.name, resolver.options, setup.context.env);
  const answer = await resolver.resolve({
    options: values,
    source,
    context: setup.context,
    iam: setup.iam,
    named: candidate.named,
    only: candidate.only,
    ...purpose,
  });
  return isUnavailable(answer) ? answer : sound(answer, resolver.name);
}

/** The same source, which fails when what it gives is no token: a resolver of the user's own may give anything. */
function sound(source: TokenSource, resolver: string): TokenSource {
  const { id, material } = source;
  return {
    id,
    ...(material === undefined ? {} : { material }),
    forget: async (token) => source.forget?.(token),
    token: async (call) => {
      const answer = await source.token(call);
      if (isUnavailable(answer) || canBeToken(answer.token.reveal())) return answer;
      throw new CredentialError(
        `${resolver} gave what is no token: it is empty, too long, or has a line break or another character that no token has.`,
        resolver,
      );
    },
  };
}

/** Puts the cache around a source, and impersonation with a cache of its own around that. */
function finish(setup: Setup, source: TokenSource): TokenSource {
  const own = keep(setup, source);
  return setup.impersonate === undefined ? own : keep(setup, impersonated(own, setup.impersonate, setup.iam));
}

function keep(setup: Setup, source: TokenSource): TokenSource {
  const { context, policy, iam, settings } = setup;
  if (settings.cache === "none") return checked(setup, source);
  const key = digest(JSON.stringify([source.id, iam.endpoints.identity]));
  const onDisk = (settings.cache ?? "disk") === "disk" && context.store !== undefined;
  return cached(source, {
    context,
    clock: iam.clock,
    policy,
    key,
    ...(onDisk ? { store: context.store } : {}),
  });
}

function checked(setup: Setup, source: TokenSource): TokenSource {
  return {
    ...source,
    token: async (call) => {
      const token = await source.token(sooner(call));
      if (!isUnavailable(token))
        assertLife({ token, obtainedAt: setup.iam.clock.now() }, setup.policy, setup.iam.clock);
      return token;
    },
  };
}
