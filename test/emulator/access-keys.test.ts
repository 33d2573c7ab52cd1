import { expect } from "chai";
import { bearer, post, tokenFor, useEmulator } from "./client";

const HOUR = 3600_000;

describe("emulator: POST /iam/aws-compatibility/v1/ephemeralAccessKeys", () => {
  const told: string[] = [];
  const bench = useEmulator({ onAccessKey: ({ accessKeyId }) => void told.push(accessKeyId) });
  const ask = async (body: object, token?: string) => {
    const url = `${bench.emulator.iamEndpoint}/iam/aws-compatibility/v1/ephemeralAccessKeys`;
    return (await post(url, { sessionName: "test", ...body }, bearer(token ?? (await tokenFor(bench))))).body;
  };

  it("gives a key of the real shape, tells of it first, and knows what was asked", async () => {
    const body = await ask({ duration: "5400s", policy: "{}" });
    expect(body["accessKeyId"]).to.match(/^aje[a-z0-9]{17}$/);
    expect(body["secret"]).to.match(/^YC[-\w]{41}$/);
    expect(body["sessionToken"]).to.match(/^s1\.[-\w]{282}$/);
    const key = bench.emulator.issuedAccessKeys.at(-1);
    expect(told.at(-1)).to.equal(key?.accessKeyId);
    const { accessKeyId, secret, sessionToken } = body;
    const subjectId = bench.key.service_account_id;
    expect(key).to.include({
      accessKeyId,
      secret,
      sessionToken,
      subjectId,
      sessionName: "test",
      policy: "{}",
    });
    expect(Date.parse(body["expiresAt"] as string)).to.equal(key?.expiresAt);
    expect(key?.expiresAt).to.be.closeTo(bench.emulator.now() + 1.5 * HOUR, 10_000);
  });

  it("lets no key outlive the token, and takes the whole of its life by default", async () => {
    const token = await tokenFor(bench);
    const end = bench.emulator.issuedTokens.findLast((issued) => issued.token === token)?.expiresAt as number;
    bench.emulator.clockOffsetMs = 11.5 * HOUR;
    for (const body of [{}, { duration: "3600s" }])
      expect(Date.parse((await ask(body, token))["expiresAt"] as string)).to.equal(end);
    bench.emulator.clockOffsetMs = 13 * HOUR;
    expect(await ask({}, token)).to.include({ code: 16 });
  });

  it("makes a key for another account for those who have the role", async () => {
    const { id } = bench.emulator.addServiceAccount();
    expect(await ask({ subjectId: id })).to.include({ code: 7 });
    bench.emulator.grantAccessKeyAdmin(bench.key.service_account_id, id);
    await ask({ subjectId: id });
    expect(bench.emulator.issuedAccessKeys.at(-1)).to.include({ subjectId: id });
  });

  const refused: readonly object[] = [
    { sessionName: "" },
    { sessionName: "a b" },
    { sessionName: "a".repeat(65) },
    { duration: "899s" },
    { duration: "43201s" },
    { duration: "1h" },
    { policy: "a".repeat(2049) },
    { subjectId: "a".repeat(51) },
  ];
  for (const body of refused) {
    it(`refuses ${JSON.stringify(body).slice(0, 40)}`, async () => {
      expect(await ask(body)).to.include({ code: 3 });
    });
  }
});
