import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator";
import { type Answer, bearer, call } from "./client";

const FLAVOR = { "metadata-flavor": "Google" };
const HOUR = 3600_000;

describe("emulator: instance metadata", () => {
  let nowMs: number;
  let emulator: Emulator;

  beforeEach(async () => {
    nowMs = Date.UTC(2026, 10, 24, 12);
    emulator = await startEmulator({ now: () => nowMs });
  });
  afterEach(() => emulator.close());

  function get(path: string, headers: Record<string, string> = FLAVOR): Promise<Answer> {
    return call(`http://${emulator.metadataAddress}/computeMetadata/v1/instance/service-accounts/${path}`, {
      headers,
    });
  }

  it("gives the attached account's token, and says so in a header", async () => {
    const { status, headers, body } = await get("default/token");
    expect(status).to.equal(200);
    expect(headers.get("metadata-flavor")).to.equal("Google");
    expect(body).to.include({ token_type: "Bearer", expires_in: 43200 });
    expect(emulator.issuedTokens[0]?.subjectId).to.equal(emulator.metadata.serviceAccountId);
    const clouds = `${emulator.url}/resource-manager/v1/clouds`;
    expect((await call(clouds, { headers: bearer(body["access_token"] as string) })).status).to.equal(200);
    expect(emulator.counts).to.include({ metadata: 1, exchanges: 0 });
  });

  it("counts down over one token and never gives less than 15 minutes", async () => {
    const first = (await get("default/token")).body;
    nowMs += 11 * HOUR;
    expect((await get("default/token")).body).to.deep.equal({ ...first, expires_in: 3600 });
    nowMs += 44 * 60_000 + 59_000;
    expect((await get("default/token")).body).to.deep.equal({ ...first, expires_in: 901 });
    nowMs += 1000;
    const renewed = (await get("default/token")).body;
    expect(renewed["access_token"]).to.not.equal(first["access_token"]);
    expect(renewed["expires_in"]).to.equal(43200);
  });

  it("wants the flavor header", async () => {
    expect((await get("default/token", {})).status).to.equal(403);
    expect((await get("default/token", { "metadata-flavor": "Amazon" })).status).to.equal(403);
    expect(emulator.issuedTokens).to.deep.equal([]);
  });

  it("withholds the flavor header when told to", async () => {
    emulator.metadata.sendFlavor = false;
    const { status, headers } = await get("default/token");
    expect([status, headers.get("metadata-flavor")]).to.deep.equal([200, null]);
  });

  it("answers 404 without an account and 400 with the option disabled", async () => {
    emulator.metadata.serviceAccountId = undefined;
    expect((await get("default/token")).status).to.equal(404);
    emulator.metadata.tokenEnabled = false;
    expect((await get("default/token")).status).to.equal(400);
  });

  it("lists the accounts", async () => {
    expect(await get("")).to.include({ status: 200, text: "default/" });
    emulator.metadata.serviceAccountId = undefined;
    expect(await get("")).to.include({ status: 200, text: "" });
    expect(emulator.counts).to.include({ metadata: 0, metadataAccounts: 2 });
  });

  it("answers 429 to the 61st request within a second", async () => {
    const statuses = await Promise.all(
      Array.from({ length: 61 }, async () => (await get("default/token")).status),
    );
    expect(statuses.filter((status) => status === 200)).to.have.lengthOf(60);
    expect(statuses.filter((status) => status === 429)).to.have.lengthOf(1);
    nowMs += 999;
    expect((await get("default/token")).status).to.equal(429);
    nowMs += 1;
    expect((await get("default/token")).status).to.equal(200);
  });

  it("does not count what a clock set back has put into the future", async () => {
    emulator.metadata.rateLimitPerSecond = 1;
    expect((await get("default/token")).status).to.equal(200);
    nowMs -= HOUR;
    expect((await get("default/token")).status).to.equal(200);
  });

  it("obeys faults: a short life and any expires_in", async () => {
    emulator.faults.inject({ route: "metadata", shortLifeMs: 30_000 });
    emulator.faults.inject({ route: "metadata", expiresIn: "soon" });
    emulator.faults.inject({ route: "metadata", expiresIn: null });
    expect((await get("default/token")).body["expires_in"]).to.equal(30);
    expect((await get("default/token")).body["expires_in"]).to.equal("soon");
    expect((await get("default/token")).body).to.have.all.keys("access_token", "token_type");
  });

  it("starts as it is told", async () => {
    await emulator.close();
    emulator = await startEmulator({ metadata: { serviceAccountId: undefined, rateLimitPerSecond: 1 } });
    expect((await get("default/token")).status).to.equal(404);
    expect((await get("default/token")).status).to.equal(429);
  });
});
