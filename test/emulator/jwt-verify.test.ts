import { constants, createHmac, createPrivateKey, sign } from "node:crypto";
import { expect } from "chai";
import { type KeyFile } from "../../emulator";
import { assertion, type AssertionChanges, exchange, useEmulator } from "./client";

const KZ = "https://iam.api.yandexcloud.kz/iam/v1/tokens";

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");

describe("emulator: what an assertion must be", () => {
  // A fixed instant: every judgement of time is then exact.
  const nowMs = Date.UTC(2026, 10, 24, 12, 0, 0);
  const now = nowMs / 1000;
  const bench = useEmulator({ now: () => nowMs });
  before(() => bench.emulator.addServiceAccount({ id: "ajeother" }));

  const statusOf = async (jwt: string) => (await exchange(bench, jwt)).status;
  async function refusal(jwt: string): Promise<unknown> {
    const { status, body } = await exchange(bench, jwt);
    expect([status, body["code"]]).to.deep.equal([401, 16]);
    return body["message"];
  }

  const refused: Readonly<Record<string, Readonly<Record<string, AssertionChanges>>>> = {
    "The required field 'kid' is missing from the JWT header": {
      "no kid": { header: { kid: undefined } },
      "an empty kid": { header: { kid: "" } },
    },
    "The key of the JWT is not found": { "an unknown kid": { header: { kid: "ajeunknown" } } },
    "The field 'typ' of the JWT header must be 'JWT'": { "no typ": { header: { typ: undefined } } },
    "The algorithm of the JWT must be PS256": {
      RS256: { header: { alg: "RS256" } },
      PS384: { header: { alg: "PS384" } },
    },
    "The key of the JWT does not belong to its issuer": {
      "another issuer": { claims: { iss: "ajeother" } },
      "no issuer": { claims: { iss: undefined } },
    },
    "The audience of the JWT is invalid": {
      "another audience": { claims: { aud: KZ } },
      "no audience": { claims: { aud: undefined } },
      "an empty audience list": { claims: { aud: [] } },
    },
    "The JWT must have 'iat' and 'exp' as numbers": {
      "no iat": { claims: { iat: undefined } },
      "no exp": { claims: { exp: undefined } },
    },
    "The JWT must expire no later than one hour after it was issued": {
      "a life over an hour": { claims: { iat: now, exp: now + 3601 } },
    },
    "The JWT is expired": { "an exp just reached": { claims: { iat: now - 60, exp: now } } },
    "The JWT is issued in the future": {
      "an iat in the future": { claims: { iat: now + 2, exp: now + 60 } },
    },
    "The JWT is not valid yet": { "an nbf in the future": { claims: { nbf: now + 2 } } },
  };
  for (const [message, cases] of Object.entries(refused)) {
    for (const [name, changes] of Object.entries(cases)) {
      it(`refuses ${name}`, async () => {
        expect(await refusal(await assertion(bench, changes))).to.equal(message);
      });
    }
  }

  const aud = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
  const taken: Readonly<Record<string, AssertionChanges>> = {
    "an hour of life": { claims: { iat: now, exp: now + 3600 } },
    "one second left": { claims: { iat: now - 3599, exp: now + 1 } },
    "an iat within the tolerance": { claims: { iat: now + 1, exp: now + 60 } },
    "an nbf of now": { claims: { nbf: now } },
    "an audience in a list": { claims: { aud: ["https://other.example", aud] } },
  };
  for (const [name, changes] of Object.entries(taken)) {
    it(`takes ${name}`, async () => {
      expect(await statusOf(await assertion(bench, changes))).to.equal(200);
    });
  }

  /** Header and claims of an assertion, yet to be signed. */
  const unsigned = (key: KeyFile, alg = "PS256") => {
    const claims = { iss: key.service_account_id, aud: bench.emulator.audience, iat: now, exp: now + 60 };
    return `${encode({ typ: "JWT", alg, kid: key.id })}.${encode(claims)}`;
  };
  const BAD_SIGNATURE = "The signature of the JWT is invalid";

  it("refuses the signature of another key, and claims that were changed after the signature", async () => {
    const { private_key } = await bench.emulator.createKey();
    const foreign = await assertion({ ...bench, key: { ...bench.key, private_key } });
    expect(await refusal(foreign)).to.equal(BAD_SIGNATURE);
    const signature = (await assertion(bench)).split(".")[2];
    expect(await refusal(`${unsigned(bench.key)}.${signature}`)).to.equal(BAD_SIGNATURE);
  });

  for (const [name, saltLength, status] of [
    ["takes a salt of 32 bytes", 32, 200],
    ["refuses a salt of no bytes", 0, 401],
    ["refuses the longest salt, which node makes by default", constants.RSA_PSS_SALTLEN_MAX_SIGN, 401],
  ] as const) {
    it(name, async () => {
      const signed = unsigned(bench.key);
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      const options = { key: createPrivateKey(bench.key.private_key), padding, saltLength };
      const signature = sign("sha256", Buffer.from(signed), options).toString("base64url");
      expect(await statusOf(`${signed}.${signature}`)).to.equal(status);
    });
  }

  it("is not fooled by the public key as an HMAC secret, nor by alg none", async () => {
    for (const alg of ["HS256", "none", "PS256"]) {
      const signed = unsigned(bench.key, alg);
      const signature = createHmac("sha256", bench.key.public_key).update(signed).digest("base64url");
      expect(await statusOf(`${signed}.${signature}`)).to.equal(401);
    }
  });

  it("refuses an elliptic key, whatever the header calls it", async () => {
    const key = await bench.emulator.createKey({ algorithm: "EC_P256" });
    const honest = await assertion({ ...bench, key }, { header: { alg: "ES256" } });
    expect(await refusal(honest)).to.equal("The algorithm of the JWT must be PS256");
    const signed = unsigned(key);
    const signature = sign("sha256", Buffer.from(signed), createPrivateKey(key.private_key));
    expect(await refusal(`${signed}.${signature.toString("base64url")}`)).to.equal(BAD_SIGNATURE);
  });

  it("refuses what is no JWT", async () => {
    const parts = ["", "a", "a.b", "a.b.c.d", "a.b.c", "!.!.!", `${encode([])}.${encode({})}.AA`];
    parts.push(`${encode({})}..AA`, `${await assertion(bench)}.AA`);
    for (const jwt of parts) expect(await refusal(jwt)).to.equal("The JWT is malformed");
  });

  it("takes its own address as the audience, or that of another installation when told so", async () => {
    const usual = await assertion(bench);
    const own = await assertion(bench, { claims: { aud: `${bench.emulator.iamEndpoint}/iam/v1/tokens` } });
    expect([await statusOf(usual), await statusOf(own)]).to.deep.equal([200, 200]);
    bench.emulator.audience = KZ;
    for (const jwt of [usual, own]) expect(await refusal(jwt)).to.equal("The audience of the JWT is invalid");
    expect(await statusOf(await assertion(bench))).to.equal(200);
  });
});
