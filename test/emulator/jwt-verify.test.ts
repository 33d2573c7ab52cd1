import { constants, createHmac, createPrivateKey, sign } from "node:crypto";
import { expect } from "chai";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { assertion, type AssertionChanges, exchange, pemOf } from "./client";

const HOUR_S = 3600;

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

describe("emulator: what an assertion must be", () => {
  // A fixed instant: every judgement of time is then exact.
  const nowMs = Date.UTC(2026, 10, 24, 12, 0, 0);
  const now = nowMs / 1000;
  let emulator: Emulator;
  let key: KeyFile;
  let other: KeyFile;

  before(async () => {
    emulator = await startEmulator({ now: () => nowMs });
    [key, other] = await Promise.all([emulator.createKey(), emulator.createKey()]);
  });
  after(() => emulator.close());

  async function refusal(jwt: string): Promise<unknown> {
    const { status, body } = await exchange(emulator, jwt);
    expect(status).to.equal(401);
    expect(body["code"]).to.equal(16);
    return body["message"];
  }

  const refused: readonly [string, (ids: { other: string }) => AssertionChanges, string][] = [
    [
      "no kid",
      () => ({ header: { kid: undefined } }),
      "The required field 'kid' is missing from the JWT header",
    ],
    [
      "an empty kid",
      () => ({ header: { kid: "" } }),
      "The required field 'kid' is missing from the JWT header",
    ],
    ["an unknown kid", () => ({ header: { kid: "ajeunknown" } }), "The key of the JWT is not found"],
    ["no typ", () => ({ header: { typ: undefined } }), "The field 'typ' of the JWT header must be 'JWT'"],
    ["RS256", () => ({ header: { alg: "RS256" } }), "The algorithm of the JWT must be PS256"],
    ["PS384", () => ({ header: { alg: "PS384" } }), "The algorithm of the JWT must be PS256"],
    [
      "another issuer",
      ({ other }) => ({ claims: { iss: other } }),
      "The key of the JWT does not belong to its issuer",
    ],
    ["no issuer", () => ({ claims: { iss: undefined } }), "The key of the JWT does not belong to its issuer"],
    [
      "another audience",
      () => ({ claims: { aud: "https://iam.api.yandexcloud.kz" } }),
      "The audience of the JWT is invalid",
    ],
    ["no audience", () => ({ claims: { aud: undefined } }), "The audience of the JWT is invalid"],
    ["an empty audience list", () => ({ claims: { aud: [] } }), "The audience of the JWT is invalid"],
    ["no iat", () => ({ claims: { iat: undefined } }), "The JWT must have 'iat' and 'exp' as numbers"],
    ["no exp", () => ({ claims: { exp: undefined } }), "The JWT must have 'iat' and 'exp' as numbers"],
    [
      "a life over an hour",
      () => ({ claims: { iat: now, exp: now + HOUR_S + 1 } }),
      "The JWT must expire no later than one hour after it was issued",
    ],
    ["an exp just reached", () => ({ claims: { iat: now - 60, exp: now } }), "The JWT is expired"],
    [
      "an iat in the future",
      () => ({ claims: { iat: now + 2, exp: now + 60 } }),
      "The JWT is issued in the future",
    ],
    ["an nbf in the future", () => ({ claims: { nbf: now + 2 } }), "The JWT is not valid yet"],
  ];
  for (const [name, changes, message] of refused) {
    it(`refuses ${name}`, async () => {
      const jwt = await assertion(emulator, key, changes({ other: other.service_account_id }));
      expect(await refusal(jwt)).to.equal(message);
    });
  }

  const taken: readonly [string, AssertionChanges][] = [
    ["an hour of life", { claims: { iat: now, exp: now + HOUR_S } }],
    ["one second left", { claims: { iat: now - HOUR_S + 1, exp: now + 1 } }],
    ["an iat within the tolerance", { claims: { iat: now + 1, exp: now + 60 } }],
    ["an nbf of now", { claims: { nbf: now } }],
  ];
  for (const [name, changes] of taken) {
    it(`takes ${name}`, async () => {
      expect((await exchange(emulator, await assertion(emulator, key, changes))).status).to.equal(200);
    });
  }

  it("refuses the signature of another key", async () => {
    const jwt = await assertion(emulator, { ...key, private_key: other.private_key });
    expect(await refusal(jwt)).to.equal("The signature of the JWT is invalid");
  });

  it("refuses claims that were changed after the signature", async () => {
    const [header, , signature] = (await assertion(emulator, key)).split(".");
    const claims = encode({ iss: key.service_account_id, aud: emulator.audience, iat: now, exp: now + 60 });
    expect(await refusal(`${header}.${claims}.${signature}`)).to.equal("The signature of the JWT is invalid");
  });

  for (const [name, saltLength, status] of [
    ["takes a salt of 32 bytes", 32, 200],
    ["refuses a salt of no bytes", 0, 401],
    ["refuses the longest salt, which node makes by default", constants.RSA_PSS_SALTLEN_MAX_SIGN, 401],
  ] as const) {
    it(name, async () => {
      const claims = { iss: key.service_account_id, aud: emulator.audience, iat: now, exp: now + 60 };
      const signed = `${encode({ typ: "JWT", alg: "PS256", kid: key.id })}.${encode(claims)}`;
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      const options = { key: createPrivateKey(pemOf(key)), padding, saltLength };
      const signature = sign("sha256", Buffer.from(signed), options).toString("base64url");
      expect((await exchange(emulator, `${signed}.${signature}`)).status).to.equal(status);
    });
  }

  it("is not fooled by the public key as an HMAC secret, nor by alg none", async () => {
    const claims = encode({ iss: key.service_account_id, aud: emulator.audience, iat: now, exp: now + 60 });
    for (const alg of ["HS256", "none", "PS256"]) {
      const signed = `${encode({ typ: "JWT", alg, kid: key.id })}.${claims}`;
      const signature = createHmac("sha256", key.public_key).update(signed).digest("base64url");
      expect((await exchange(emulator, `${signed}.${signature}`)).status).to.equal(401);
    }
  });

  it("refuses an elliptic key", async () => {
    const elliptic = await emulator.createKey({ algorithm: "EC_P256" });
    const signed = await assertion(emulator, elliptic, { header: { alg: "ES256" } });
    expect(await refusal(signed)).to.equal("The algorithm of the JWT must be PS256");
    const claims = encode({
      iss: elliptic.service_account_id,
      aud: emulator.audience,
      iat: now,
      exp: now + 60,
    });
    const mislabelled = `${encode({ typ: "JWT", alg: "PS256", kid: elliptic.id })}.${claims}`;
    const signature = sign("sha256", Buffer.from(mislabelled), createPrivateKey(pemOf(elliptic))).toString(
      "base64url",
    );
    expect(await refusal(`${mislabelled}.${signature}`)).to.equal("The signature of the JWT is invalid");
  });

  it("refuses what is no JWT", async () => {
    const parts = [
      "",
      "a",
      "a.b",
      "a.b.c.d",
      "a.b.c",
      "!.!.!",
      `${encode([])}.${encode({})}.AA`,
      `${encode({})}..AA`,
    ];
    parts.push(`${await assertion(emulator, key)}.AA`);
    for (const jwt of parts) expect(await refusal(jwt)).to.equal("The JWT is malformed");
  });

  it("takes its own address as the audience, unless told which one to take", async () => {
    const own = { aud: `${emulator.iamEndpoint}/iam/v1/tokens` };
    const jwt = await assertion(emulator, key, { claims: own });
    expect((await exchange(emulator, jwt)).status).to.equal(200);
    emulator.audience = "https://iam.api.yandexcloud.kz/iam/v1/tokens";
    try {
      expect(await refusal(jwt)).to.equal("The audience of the JWT is invalid");
    } finally {
      emulator.audience = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
    }
  });

  it("takes the audience of another installation when told to", async () => {
    const kz = "https://iam.api.yandexcloud.kz/iam/v1/tokens";
    const jwt = await assertion(emulator, key);
    emulator.audience = kz;
    try {
      expect(await refusal(jwt)).to.equal("The audience of the JWT is invalid");
      expect((await exchange(emulator, await assertion(emulator, key))).status).to.equal(200);
    } finally {
      emulator.audience = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
    }
  });
});
