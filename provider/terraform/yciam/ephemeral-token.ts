import { type AppConfig, type TokenResult } from "../../app";
import { CredentialError } from "../../core/words/errors";
import { type ObjectValue } from "../cty/value";
import { type CallContext, type EphemeralResource, type Opened, type Renewed } from "../definition";
import { attribute, schema } from "../schema";
import { toConfig } from "./config";
import { diagnosed } from "./errors";
import { type Base, type Identity } from "./identity";
import { type Lease, type Leases } from "./leases";
import { overrideAttributes, pickOverrides } from "./options";
import { warnAt, warning } from "./renewal";
import { TOKEN_ATTRIBUTES, tokenValues } from "./token";
import { validateOptions } from "./validation";

const SCHEMA = schema({
  description:
    "A Yandex Cloud IAM token with at least `min_remaining_validity` left. It is in no state and in no plan.",
  attributes: [
    ...overrideAttributes(),
    attribute({
      name: "revoke_on_close",
      type: "bool",
      optional: true,
      description:
        "Make the token useless when the run ends. It is then not taken from the cache; still, Yandex Cloud may hand the same one to others, who lose it too, so do not set it in two configurations of one account. A token that this run did not buy itself (of any resolver but `serviceAccountKey`, `workloadIdentity` and `oauthToken`, unless it is impersonated) is left alive, with a warning. Default: `false`.",
    }),
    ...TOKEN_ATTRIBUTES,
  ],
});

/** What stands behind an ephemeral token. */
export interface EphemeralParts extends Base {
  readonly leases: Leases;
}

/** `ephemeral "yciam_token"`. */
export function ephemeralToken(parts: EphemeralParts): EphemeralResource<Identity> {
  return {
    schema: SCHEMA,
    validate: (values) => validateOptions(pickOverrides(values), SCHEMA.type, parts),
    open: (values, identity, call) =>
      diagnosed(SCHEMA.type, call.signal, () => open(parts, { values, identity, call })),
    renew: async (id, _identity, call) => renew(parts, id, call),
    close: (id, _identity, { signal }) =>
      diagnosed(SCHEMA.type, signal, () => parts.leases.close(id, signal)),
  };
}

interface Opening {
  readonly values: ObjectValue;
  readonly identity: Identity;
  readonly call: CallContext;
}

async function open(parts: EphemeralParts, opening: Opening): Promise<Opened> {
  const { values, call } = opening;
  const leased = openLease(parts, opening);
  const id = await parts.leases.add(leased);
  const { result, revoke } = await leased;
  if (values["revoke_on_close"] === true && revoke === undefined) call.warn(foreign(result.resolver));
  return { result: { ...values, ...tokenValues(result) }, private: id, ...renewAt(parts, result) };
}

async function openLease({ logger }: Base, { values, identity, call }: Opening): Promise<Lease> {
  const overrides = toConfig(pickOverrides(values));
  const revokes = values["revoke_on_close"] === true;
  // Whoever shares the cache would be left with a dead token.
  const own: AppConfig = revokes ? { ...overrides, cache: "none" } : overrides;
  const result = await identity.app(own, call).getIamToken(call.signal);
  const isOwn = MINTED.includes(result.resolver) || identity.impersonates(overrides);
  if (!revokes || !isOwn) return { result };
  const revoke = (signal: AbortSignal) =>
    identity
      .app(overrides)
      .revoke(result.token, signal)
      .catch((error: unknown) => {
        if (!isGone(error)) throw error;
        logger.debug("IAM knew a token no more: it is revoked", { fingerprint: result.fingerprint });
      });
  return { result, revoke };
}

/**
 * Resolvers whose tokens this process buys itself; those of the others belong to a machine, a session or the user. So
 * does what a profile of yc holds, whichever kind it is.
 */
export const MINTED: readonly string[] = ["serviceAccountKey", "workloadIdentity", "oauthToken"];

function foreign(resolver: string): { summary: string; detail: string } {
  return {
    summary: "Token Is Not Revoked",
    detail: `revoke_on_close is set, but the token comes from ${resolver} and is not this run's own: whoever else uses it would lose it. It is left alive.`,
  };
}

/** A token that IAM knows no more is revoked: another configuration of the same account may have held it too. */
function isGone(error: unknown): boolean {
  return error instanceof CredentialError && error.reply.status === 401;
}

function renewAt({ context }: EphemeralParts, { expiresAt }: TokenResult): Pick<Opened, "renewAt"> {
  const at = warnAt(expiresAt, context.now());
  return at ? { renewAt: at } : {};
}

/** No value can be handed out any more: it is told, before the token dies and when it does. */
function renew(
  { leases, context, logger }: EphemeralParts,
  id: Uint8Array = Buffer.of(),
  call: CallContext,
): Renewed {
  const { expiresAt, fingerprint } = leases.find(id)?.result ?? {};
  if (expiresAt === undefined) return { private: id };
  const { summary, detail, next } = warning(expiresAt, context.now());
  logger.warn(detail, { fingerprint });
  call.warn({ summary, detail });
  return { private: id, ...(next && { renewAt: next }) };
}
