import { expect } from "chai";
import { constants, generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import { signAssertion } from "../../../provider/core/iam/assertion";
import { Secret } from "../../../provider/core/words/secret";

const AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
const NOON = Date.UTC(2026, 10, 24, 12);
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEY = { id: "ajekey", subjectId: "ajeaccount", privateKey, material: new Secret("") };

async function sign(nowMs = NOON, audience = AUDIENCE) {
  const jwt = (await signAssertion(KEY, audience, nowMs)).reveal();
  const [header = "", claims = "", signature = ""] = jwt.split(".");
  const json = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
  return {
    header: json(header),
    claims: json(claims) as Record<string, unknown>,
    signed: Buffer.from(`${header}.${claims}`),
    signature: Buffer.from(signature, "base64url"),
  };
}

/** Whether Node's own crypto, which is not what signed it, takes the signature with a salt of exactly this length. */
function verifies(
  jwt: Awaited<ReturnType<typeof sign>>,
  saltLength: number,
  key: KeyObject = publicKey,
): boolean {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return verify("sha256", jwt.signed, { key, padding, saltLength }, jwt.signature);
}

describe("core/iam/assertion", () => {
  it("names the algorithm and the key in the header, and nothing else", async () => {
    expect((await sign()).header).to.deep.equal({ typ: "JWT", alg: "PS256", kid: "ajekey" });
  });

  it("claims the account, the audience and an hour that began 15 s ago, and nothing else", async () => {
    for (const aud of [AUDIENCE, "https://iam.api.yandexcloud.kz/iam/v1/tokens"]) {
      const { claims } = await sign(NOON, aud);
      expect(claims).to.deep.equal({
        iss: "ajeaccount",
        aud,
        iat: NOON / 1000 - 15,
        exp: NOON / 1000 + 3585,
      });
    }
  });

  for (const fraction of [0, 1, 499, 500, 999, 0.25]) {
    it(`is never from the future, though the clock is fast by what may stay unseen: ${fraction} ms past the second`, async () => {
      const { iat, exp } = (await sign(NOON + fraction)).claims as { iat: number; exp: number };
      expect([iat, exp].every(Number.isInteger)).to.equal(true);
      expect(iat * 1000).to.be.at.most(NOON + fraction - 10_000);
      expect(exp - iat).to.be.at.most(3600);
    });
  }

  it("is signed with PS256: a salt of exactly 32 bytes", async () => {
    const jwt = await sign();
    expect(verifies(jwt, 32)).to.equal(true);
    const { RSA_PSS_SALTLEN_DIGEST } = constants;
    expect(verifies(jwt, RSA_PSS_SALTLEN_DIGEST)).to.equal(true);
    expect([0, 20, 31, 33, 64, 222].filter((length) => verifies(jwt, length))).to.deep.equal([]);
  });

  it("does not verify with another key, nor after a change", async () => {
    const jwt = await sign();
    expect(verifies(jwt, 32, generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey)).to.equal(false);
    expect(verifies({ ...jwt, signed: Buffer.concat([jwt.signed, Buffer.from("x")]) }, 32)).to.equal(false);
  });

  it("is a secret, and another one each time", async () => {
    const one = await signAssertion(KEY, AUDIENCE, NOON);
    const two = await signAssertion(KEY, AUDIENCE, NOON);
    expect(one).to.be.instanceOf(Secret);
    expect(one.reveal()).to.not.equal(two.reveal());
  });
});
