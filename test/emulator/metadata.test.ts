import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator";
import { type Answer, call } from "./client";

const FLAVOR = { "metadata-flavor": "Google" };
const HOUR = 3600_000;
const TOKEN = "default/token";

describe("emulator: instance metadata", () => {
  let nowMs: number;
  let emulator: Emulator;

  beforeEach(async () => {
    nowMs = Date.UTC(2026, 10, 24, 12);
    emulator = await startEmulator({ now: () => nowMs });
  });
  afterEach(() => emulator.close());

  function get(path = TOKEN, headers: Record<string, string> = FLAVOR): Promise<Answer> {
    const url = `http://${emulator.metadataAddress}/computeMetadata/v1/instance/service-accounts/${path}`;
    return call(url, { headers });
  }

  it("gives the attached account's token, and says so in a header", async () => {
    const { status, headers, body } = await get();
    expect([status, headers.get("metadata-flavor")]).to.deep.equal([200, "Google"]);
    expect(body).to.include({ token_type: "Bearer", expires_in: 43200 });
    const subjectId = emulator.metadata.serviceAccountId;
    expect(emulator.issuedTokens[0]).to.include({ token: body["access_token"], subjectId });
    expect(emulator.counts).to.include({ metadata: 1, exchanges: 0 });
  });

  it("counts down over one token and never gives less than 15 minutes", async () => {
    const first = (await get()).body;
    nowMs += 11 * HOUR;
    expect((await get()).body).to.deep.equal({ ...first, expires_in: 3600 });
    nowMs += 44 * 60_000 + 59_000;
    expect((await get()).body).to.deep.equal({ ...first, expires_in: 901 });
    nowMs += 1000;
    const renewed = (await get()).body;
    expect(renewed["access_token"]).to.not.equal(first["access_token"]);
    expect(renewed["expires_in"]).to.equal(43200);
  });

  it("wants the flavor header, and withholds its own when told to", async () => {
    expect((await get(TOKEN, {})).status).to.equal(403);
    expect((await get(TOKEN, { "metadata-flavor": "Amazon" })).status).to.equal(403);
    expect(emulator.issuedTokens).to.deep.equal([]);
    emulator.metadata.sendFlavor = false;
    const { status, headers } = await get();
    expect([status, headers.get("metadata-flavor")]).to.deep.equal([200, null]);
  });

  it("lists the accounts, and answers 404 without one and 400 with the option disabled", async () => {
    expect(await get("")).to.include({ status: 200, text: "default/" });
    emulator.metadata.serviceAccountId = undefined;
    expect(await get("")).to.include({ status: 200, text: "" });
    expect((await get()).status).to.equal(404);
    emulator.metadata.tokenEnabled = false;
    expect((await get()).status).to.equal(400);
    expect(emulator.counts).to.include({ metadata: 2, metadataAccounts: 2 });
  });

  it("answers 429 to the 61st request within a second, though the clock be set back", async () => {
    const statuses = await Promise.all(Array.from({ length: 61 }, async () => (await get()).status));
    expect(statuses.filter((status) => status === 200)).to.have.lengthOf(60);
    expect(statuses.filter((status) => status === 429)).to.have.lengthOf(1);
    nowMs += 999;
    expect((await get()).status).to.equal(429);
    nowMs += 1;
    expect((await get()).status).to.equal(200);
    emulator.metadata.rateLimitPerSecond = 1;
    nowMs -= HOUR;
    expect((await get()).status).to.equal(200);
  });

  it("obeys faults: a short life and any expires_in", async () => {
    for (const fault of [{ shortLifeMs: 30_000 }, { expiresIn: "soon" }, { expiresIn: null }])
      emulator.faults.inject({ route: "metadata", ...fault });
    expect((await get()).body["expires_in"]).to.equal(30);
    expect((await get()).body["expires_in"]).to.equal("soon");
    expect((await get()).body).to.have.all.keys("access_token", "token_type");
  });

  it("starts as it is told", async () => {
    await emulator.close();
    emulator = await startEmulator({ metadata: { serviceAccountId: undefined, rateLimitPerSecond: 1 } });
    expect([(await get()).status, (await get()).status]).to.deep.equal([404, 429]);
  });
});
