import { expect } from "chai";
import { type JWTPayload } from "jose";
import { type Federation, type OidcIssuer, startOidcIssuer } from "../../emulator";
import { type Answer, bearer, call, clouds, useEmulator } from "./client";

const SUBJECT = "system:serviceaccount:apps:deployer";
const NOT_BOUND = "The subject is not bound to the service account";

describe("emulator: exchange of an external token", () => {
  const nowMs = Date.UTC(2026, 10, 24, 12);
  const now = nowMs / 1000;
  const bench = useEmulator({ now: () => nowMs });
  const issuers: OidcIssuer[] = [];
  let oidc: OidcIssuer;
  let federation: Federation;
  let account: string;

  const startIssuer = async (algorithm?: "ES256") => {
    issuers.push(await startOidcIssuer({ now: () => nowMs, ...(algorithm && { algorithm }) }));
    return issuers.at(-1) as OidcIssuer;
  };
  const federate = ({ issuer, jwks }: OidcIssuer, audience = "ycaud") =>
    bench.emulator.addFederation({ issuer, audiences: [audience], jwks });
  const bind = (federationId: string) =>
    bench.emulator.addFederatedCredential({ federationId, subject: SUBJECT, serviceAccountId: account });
  const subjectToken = (claims: JWTPayload = {}, issuer = oidc) =>
    issuer.sign({ sub: SUBJECT, aud: ["other", "ycaud"], ...claims });

  before(async () => {
    oidc = await startIssuer();
    account = bench.emulator.addServiceAccount().id;
    federation = federate(oidc);
    bind(federation.id);
  });
  after(() => Promise.all(issuers.map((issuer) => issuer.close())));

  const FIELDS = {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  };
  const send = (init: RequestInit) =>
    call(`${bench.emulator.authEndpoint}/oauth/token`, { method: "POST", ...init });
  /** The form of a right exchange, with some fields changed. */
  const form = async (changes: Record<string, string> = {}) =>
    new URLSearchParams({ ...FIELDS, audience: account, subject_token: await subjectToken(), ...changes });
  const exchange = async (changes?: Record<string, string>) => send({ body: await form(changes) });
  async function refusal(asked: Promise<Answer>): Promise<string> {
    const { status, body } = await asked;
    expect(status).to.equal(400);
    expect(body).to.have.all.keys("error", "error_description");
    expect(bench.emulator.counts.exchanges).to.equal(0);
    return `${String(body["error"])}: ${String(body["error_description"])}`;
  }

  it("gives the account's token", async () => {
    const { status, body } = await exchange();
    expect(status).to.equal(200);
    const { access_token, ...rest } = body;
    expect(rest).to.deep.equal({ token_type: "Bearer", expires_in: 43200 });
    expect(bench.emulator.issuedTokens.at(-1)).to.include({ token: access_token, subjectId: account });
    expect((await clouds(bench, bearer(access_token as string))).status).to.equal(200);
    expect(bench.emulator.counts).to.include({ oauthToken: 1, exchanges: 1 });
  });

  for (const field of [...Object.keys(FIELDS), "audience", "subject_token"]) {
    it(`wants ${field}, once`, async () => {
      const missing = `invalid_request: The parameter ${field} is missing`;
      expect(await refusal(exchange({ [field]: "" }))).to.equal(missing);
      const twice = await form();
      twice.append(field, "a");
      const repeated = `invalid_request: The parameter ${field} is repeated`;
      expect(await refusal(send({ body: twice }))).to.equal(repeated);
    });
  }

  const CLAIM = "The claim of the subject token is wrong:";
  const wrong: readonly [Record<string, string> | JWTPayload, string][] = [
    [{ grant_type: "refresh_token" }, `unsupported_grant_type: Only ${FIELDS.grant_type} is known`],
    [{ requested_token_type: "urn:x" }, "invalid_request: The parameter requested_token_type must be"],
    [{ subject_token_type: "urn:x" }, "invalid_request: The parameter subject_token_type must be"],
    [{ audience: "ycaud" }, "invalid_target: Service account ycaud not found"],
    [{ subject_token: "no.j.wt" }, "invalid_request: The subject token is not a JWT"],
    [{ iss: "https://other.example" }, "is not trusted: https://other.example"],
    [{ aud: ["other", "ycaud2"] }, `${CLAIM} aud`],
    [{ iat: now - 600, exp: now }, "The subject token is expired"],
    [{ nbf: now + 60 }, `${CLAIM} nbf`],
    [{ exp: undefined as never }, `${CLAIM} exp`],
    [{ sub: `${SUBJECT}2` }, `${NOT_BOUND}: ${SUBJECT}2`],
    [{ sub: SUBJECT.slice(0, -1) }, NOT_BOUND],
    [{ sub: SUBJECT.toUpperCase() }, NOT_BOUND],
  ];
  for (const [changes, message] of wrong) {
    it(`wants the right value, and takes no ${Object.keys(changes).join(", ")}: ${message}`, async () => {
      const isField = Object.keys(changes).some((name) => name.includes("_") || name === "audience");
      const fields = isField ? changes : { subject_token: await subjectToken(changes) };
      expect(await refusal(exchange(fields as Record<string, string>))).to.include(message);
    });
  }

  it("wants a form", async () => {
    const json = send({ body: "{}", headers: { "content-type": "application/json" } });
    expect(await refusal(json)).to.include("application/x-www-form-urlencoded");
  });

  it("trusts only the issuer's own key, and binds a subject of one federation alone to one account", async () => {
    const stranger = await startIssuer();
    const forged = await subjectToken({ iss: oidc.issuer }, stranger);
    const signature = await refusal(exchange({ subject_token: forged }));
    expect(signature).to.include("The signature of the subject token is invalid");
    federate(stranger);
    const foreign = await subjectToken({}, stranger);
    expect(await refusal(exchange({ subject_token: foreign }))).to.include(NOT_BOUND);
    const audience = bench.emulator.addServiceAccount().id;
    expect(await refusal(exchange({ audience }))).to.include(NOT_BOUND);
  });

  it("tries each federation of the issuer", async () => {
    const elliptic = await startIssuer("ES256");
    federate({ ...oidc, issuer: elliptic.issuer }, "first");
    bind(federate(elliptic).id);
    const subject_token = await subjectToken({}, elliptic);
    expect((await exchange({ subject_token })).status).to.equal(200);
  });

  it("trusts nobody through a disabled federation, and binds nothing to one that does not exist", async () => {
    federation.enabled = false;
    expect(await refusal(exchange())).to.include("is not trusted");
    expect(() => bind("no")).to.throw(RangeError, "No federation no in the emulator");
  });
});
