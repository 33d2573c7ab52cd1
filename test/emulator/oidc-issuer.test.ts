import { expect } from "chai";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { type OidcIssuer, startOidcIssuer } from "../../emulator";
import { bearer, call } from "./client";

describe("emulator: OIDC issuer", () => {
  let oidc: OidcIssuer;
  afterEach(() => oidc.close());

  for (const algorithm of ["RS256", "ES256"] as const) {
    it(`is discovered, its tokens verify by the keys it publishes, and no private key is there: ${algorithm}`, async () => {
      oidc = await startOidcIssuer({ algorithm });
      const { body } = await call(`${oidc.issuer}/.well-known/openid-configuration`);
      expect(body["issuer"]).to.equal(oidc.issuer);
      const keys = createRemoteJWKSet(new URL(body["jwks_uri"] as string));
      const token = await oidc.sign({ sub: "me", aud: "you" });
      const verified = await jwtVerify(token, keys, { issuer: oidc.issuer, audience: "you" });
      expect([verified.protectedHeader.alg, verified.payload.sub]).to.deep.equal([algorithm, "me"]);
      expect((verified.payload.exp ?? 0) - (verified.payload.iat ?? 0)).to.equal(300);
      expect((await call(body["jwks_uri"] as string)).body).to.deep.equal(oidc.jwks);
      expect(oidc.jwks.keys[0]).to.not.have.property("d");
      expect(oidc.counts).to.include({ discovery: 1, jwks: 2 });
    });
  }

  it("gives a GitHub job its token, for the audience it asks for, and nobody else; it obeys faults", async () => {
    oidc = await startOidcIssuer();
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = oidc.actionsEnv;
    const ask = (headers: Record<string, string>, more = "") => call(`${url}${more}`, { headers });
    const asked = await ask(bearer(token), "&audience=https%3A%2F%2Fexample.test%2Fa");
    const claims = decodeJwt(asked.body["value"] as string);
    expect(claims).to.include({ iss: oidc.issuer, aud: "https://example.test/a" });
    expect(claims.sub).to.equal("repo:octo/demo:ref:refs/heads/main");
    const plain = await ask(bearer(token));
    expect(decodeJwt(plain.body["value"] as string).aud).to.equal("https://github.com/octo");
    for (const headers of [{}, bearer("wrong")]) expect((await ask(headers)).status).to.equal(401);
    oidc.faults.inject({ route: "idToken", status: 500 });
    expect([(await ask(bearer(token))).status, (await ask(bearer(token))).status]).to.deep.equal([500, 200]);
    expect(oidc.counts.idToken).to.equal(6);
    expect(JSON.stringify(oidc.requests)).to.not.include(token);
  });
});
