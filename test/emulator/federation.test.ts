import { expect } from "chai";
import { type JWTPayload } from "jose";
import {
  type Emulator,
  type Federation,
  type OidcIssuer,
  startEmulator,
  startOidcIssuer,
} from "../../emulator";
import { type Answer, bearer, call } from "./client";

const SUBJECT = "system:serviceaccount:apps:deployer";

describe("emulator: exchange of an external token", () => {
  const nowMs = Date.UTC(2026, 10, 24, 12);
  const now = nowMs / 1000;
  let emulator: Emulator;
  let oidc: OidcIssuer;
  let federation: Federation;
  let account: string;

  before(async () => {
    emulator = await startEmulator({ now: () => nowMs });
    oidc = await startOidcIssuer({ now: () => nowMs });
    account = emulator.addServiceAccount().id;
    federation = emulator.addFederation({ issuer: oidc.issuer, audiences: ["ycaud"], jwks: oidc.jwks });
    emulator.addFederatedCredential({
      federationId: federation.id,
      subject: SUBJECT,
      serviceAccountId: account,
    });
  });
  beforeEach(() => emulator.reset());
  after(() => Promise.all([emulator.close(), oidc.close()]));

  /** Posts the form of a right exchange, with some fields changed (undefined leaves one out). */
  async function exchange(changes: Record<string, string | undefined> = {}): Promise<Answer> {
    const form = {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
      audience: account,
      subject_token: await subjectToken(),
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      ...changes,
    };
    const fields = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return call(`${emulator.authEndpoint}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams(fields),
    });
  }

  function subjectToken(claims: JWTPayload = {}, issuer = oidc): Promise<string> {
    return issuer.sign({ sub: SUBJECT, aud: "ycaud", ...claims });
  }

  async function refusal(changes: Record<string, string | undefined>): Promise<unknown[]> {
    const { status, body } = await exchange(changes);
    expect(status).to.equal(400);
    expect(body).to.have.all.keys("error", "error_description");
    expect(emulator.counts.exchanges).to.equal(0);
    return [body["error"], body["error_description"]];
  }

  it("gives the account's token", async () => {
    const { status, body } = await exchange();
    expect(status).to.equal(200);
    expect(body).to.have.all.keys("access_token", "token_type", "expires_in");
    expect(body).to.include({ token_type: "Bearer", expires_in: 43200 });
    expect(emulator.issuedTokens.at(-1)).to.include({ token: body["access_token"], subjectId: account });
    const headers = bearer(body["access_token"] as string);
    expect((await call(`${emulator.url}/resource-manager/v1/clouds`, { headers })).status).to.equal(200);
    expect(emulator.counts).to.include({ oauthToken: 1, exchanges: 1 });
  });

  for (const field of [
    "grant_type",
    "requested_token_type",
    "audience",
    "subject_token",
    "subject_token_type",
  ]) {
    it(`wants ${field}`, async () => {
      const expected = ["invalid_request", `The parameter ${field} is missing`];
      expect(await refusal({ [field]: undefined })).to.deep.equal(expected);
      expect(await refusal({ [field]: "" })).to.deep.equal(expected);
    });
  }

  it("wants the right values", async () => {
    expect((await refusal({ grant_type: "refresh_token" }))[0]).to.equal("unsupported_grant_type");
    expect((await refusal({ requested_token_type: "urn:x" }))[1]).to.include("requested_token_type must be");
    expect((await refusal({ subject_token_type: "urn:x" }))[1]).to.include("subject_token_type must be");
    const unknown = ["invalid_target", "Service account ycaud not found"];
    expect(await refusal({ audience: "ycaud" })).to.deep.equal(unknown);
  });

  it("wants a form, each field once", async () => {
    const url = `${emulator.authEndpoint}/oauth/token`;
    const json = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
    expect((await call(url, json)).body["error_description"]).to.include("application/x-www-form-urlencoded");
    const twice = new URLSearchParams("grant_type=a&grant_type=b");
    const answer = await call(url, { method: "POST", body: twice });
    expect(answer.body["error_description"]).to.equal("The parameter grant_type is repeated");
  });

  it("trusts only the federation's issuer", async () => {
    const token = await subjectToken({ iss: "https://other.example" });
    const expected = [
      "invalid_request",
      "The issuer of the subject token is not trusted: https://other.example",
    ];
    expect(await refusal({ subject_token: token })).to.deep.equal(expected);
    expect((await refusal({ subject_token: "no.j.wt" }))[1]).to.equal("The subject token is not a JWT");
  });

  it("trusts only the issuer's own key", async () => {
    const impostor = await startOidcIssuer({ now: () => nowMs });
    try {
      const token = await subjectToken({ iss: oidc.issuer }, impostor);
      expect((await refusal({ subject_token: token }))[1]).to.equal(
        "The signature of the subject token is invalid",
      );
    } finally {
      await impostor.close();
    }
  });

  it("wants one of the federation's audiences", async () => {
    const wrong = await subjectToken({ aud: ["other", account] });
    expect((await refusal({ subject_token: wrong }))[1]).to.equal(
      "The claim of the subject token is wrong: aud",
    );
    const one = await subjectToken({ aud: ["other", "ycaud"] });
    expect((await exchange({ subject_token: one })).status).to.equal(200);
  });

  it("wants a token in its time", async () => {
    const expired = await subjectToken({ iat: now - 600, exp: now });
    expect((await refusal({ subject_token: expired }))[1]).to.equal("The subject token is expired");
    const early = await subjectToken({ nbf: now + 60 });
    expect((await refusal({ subject_token: early }))[1]).to.equal(
      "The claim of the subject token is wrong: nbf",
    );
    const endless = await subjectToken({ exp: undefined as never });
    expect((await refusal({ subject_token: endless }))[1]).to.equal(
      "The claim of the subject token is wrong: exp",
    );
  });

  it("binds exactly one subject to the account", async () => {
    for (const sub of [
      "system:serviceaccount:apps:deployer2",
      "system:serviceaccount:apps:deploye",
      SUBJECT.toUpperCase(),
    ]) {
      const token = await subjectToken({ sub });
      const expected = `The subject is not bound to the service account: ${sub}`;
      expect((await refusal({ subject_token: token }))[1]).to.equal(expected);
    }
    const stranger = emulator.addServiceAccount().id;
    expect((await refusal({ audience: stranger }))[1]).to.include("is not bound to the service account");
  });

  it("binds a subject of one federation, not of another", async () => {
    const stranger = await startOidcIssuer({ now: () => nowMs });
    try {
      emulator.addFederation({ issuer: stranger.issuer, audiences: ["ycaud"], jwks: stranger.jwks });
      const token = await subjectToken({}, stranger);
      expect((await refusal({ subject_token: token }))[1]).to.include("is not bound to the service account");
    } finally {
      await stranger.close();
    }
  });

  it("trusts nobody through a disabled federation", async () => {
    federation.enabled = false;
    try {
      expect((await refusal({}))[1]).to.include("is not trusted");
    } finally {
      federation.enabled = true;
    }
  });

  it("tries each federation of the issuer", async () => {
    const elliptic = await startOidcIssuer({ algorithm: "ES256", now: () => nowMs });
    try {
      const { issuer } = elliptic;
      emulator.addFederation({ issuer, audiences: ["first"], jwks: oidc.jwks });
      const second = emulator.addFederation({ issuer, audiences: ["ycaud"], jwks: elliptic.jwks });
      const binding = { federationId: second.id, subject: SUBJECT, serviceAccountId: account };
      emulator.addFederatedCredential(binding);
      const token = await subjectToken({}, elliptic);
      expect((await exchange({ subject_token: token })).status).to.equal(200);
    } finally {
      await elliptic.close();
    }
  });

  it("binds nothing to a federation that does not exist", () => {
    const bind = () =>
      emulator.addFederatedCredential({ federationId: "no", subject: "s", serviceAccountId: account });
    expect(bind).to.throw(RangeError, "No federation no in the emulator");
  });
});
