import { expect } from "chai";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { type OidcIssuer, startOidcIssuer } from "../../emulator";
import { bearer, call } from "./client";

describe("emulator: OIDC issuer", () => {
  let oidc: OidcIssuer;

  before(async () => {
    oidc = await startOidcIssuer();
  });
  after(() => oidc.close());

  it("is discovered, and its tokens verify against the keys it publishes", async () => {
    for (const algorithm of ["RS256", "ES256"] as const) {
      const issuer = await startOidcIssuer({ algorithm });
      try {
        const { body } = await call(`${issuer.issuer}/.well-known/openid-configuration`);
        expect(body["issuer"]).to.equal(issuer.issuer);
        const keys = createRemoteJWKSet(new URL(body["jwks_uri"] as string));
        const token = await issuer.sign({ sub: "me", aud: "you" });
        const verified = await jwtVerify(token, keys, { issuer: issuer.issuer, audience: "you" });
        expect(verified.protectedHeader.alg).to.equal(algorithm);
        expect(verified.payload.sub).to.equal("me");
        expect((verified.payload.exp ?? 0) - (verified.payload.iat ?? 0)).to.equal(300);
        expect(issuer.counts).to.include({ discovery: 1, jwks: 1 });
      } finally {
        await issuer.close();
      }
    }
  });

  it("publishes no private key", async () => {
    const { text } = await call(`${oidc.issuer}/.well-known/jwks`);
    expect(JSON.parse(text)).to.deep.equal(oidc.jwks);
    expect(Object.keys(oidc.jwks.keys[0] ?? {})).to.not.include.members(["d"]);
  });

  it("gives a GitHub job its token, for the audience it asks for", async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = oidc.actionsEnv;
    const asked = await call(`${url}&audience=https%3A%2F%2Fexample.test%2Fa`, { headers: bearer(token) });
    expect(asked.status).to.equal(200);
    const claims = decodeJwt(asked.body["value"] as string);
    expect(claims).to.include({ iss: oidc.issuer, aud: "https://example.test/a" });
    expect(claims.sub).to.equal("repo:octo/demo:ref:refs/heads/main");
    const plain = await call(url, { headers: bearer(token) });
    expect(decodeJwt(plain.body["value"] as string).aud).to.equal("https://github.com/octo");
    expect(oidc.counts.idToken).to.equal(2);
    expect(JSON.stringify(oidc.requests)).to.not.include(token);
  });

  it("gives none without the job's request token", async () => {
    for (const headers of [{}, bearer("wrong")]) {
      expect((await call(oidc.actionsEnv.ACTIONS_ID_TOKEN_REQUEST_URL, { headers })).status).to.equal(401);
    }
  });

  it("obeys faults", async () => {
    oidc.faults.inject({ route: "idToken", status: 500 });
    const headers = bearer(oidc.actionsEnv.ACTIONS_ID_TOKEN_REQUEST_TOKEN);
    expect((await call(oidc.actionsEnv.ACTIONS_ID_TOKEN_REQUEST_URL, { headers })).status).to.equal(500);
    expect((await call(oidc.actionsEnv.ACTIONS_ID_TOKEN_REQUEST_URL, { headers })).status).to.equal(200);
  });
});
