import { expect } from "chai";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { assertion, bearer, call, exchange, post } from "./client";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe("emulator: every reply", () => {
  let emulator: Emulator;
  let key: KeyFile;

  before(async () => {
    emulator = await startEmulator();
    key = await emulator.createKey();
  });
  beforeEach(() => {
    emulator.reset();
    emulator.clockOffsetMs = 0;
    emulator.recordBodies = false;
  });
  after(() => emulator.close());

  it("has ids of its own", async () => {
    const first = await call(`${emulator.url}/endpoints`);
    const second = await call(`${emulator.url}/nowhere`);
    for (const { headers } of [first, second]) {
      expect(headers.get("x-request-id")).to.match(UUID);
      expect(headers.get("x-server-trace-id")).to.match(UUID);
    }
    expect(first.headers.get("x-request-id")).to.not.equal(second.headers.get("x-request-id"));
  });

  it("echoes the client's request id, in an error's details too", async () => {
    const { headers, body } = await post(`${emulator.url}/iam/v1/tokens`, {}, { "x-request-id": "mine-1" });
    expect(headers.get("x-request-id")).to.equal("mine-1");
    const detail = { "@type": "type.googleapis.com/google.rpc.RequestInfo", requestId: "mine-1" };
    expect(body["details"]).to.deep.equal([detail]);
    expect(emulator.requests[0]?.requestId).to.equal("mine-1");
  });

  it("is dated by the emulator's own clock", async () => {
    emulator.clockOffsetMs = -24 * 3600_000;
    const { headers } = await call(`${emulator.url}/endpoints`);
    expect(Date.parse(headers.get("date") ?? "")).to.be.closeTo(Date.now() - 24 * 3600_000, 5000);
  });

  it("judges an assertion by that clock", async () => {
    const jwt = await assertion(emulator, key);
    emulator.clockOffsetMs = 3700_000;
    expect((await exchange(emulator, jwt)).body["message"]).to.equal("The JWT is expired");
    emulator.clockOffsetMs = -300_000;
    expect((await exchange(emulator, jwt)).body["message"]).to.equal("The JWT is issued in the future");
  });

  it("answers an unknown path, or another method, with 404 and code 5", async () => {
    const wrong = await Promise.all([
      call(`${emulator.url}/nowhere`),
      call(`${emulator.url}/iam/v1/tokens`),
      post(`${emulator.url}/iam/v1/tokens:other`, {}),
      post(`${emulator.url}/iam/v1/tokens/`, {}),
    ]);
    for (const { status, body } of wrong) {
      expect(status).to.equal(404);
      expect(body["code"]).to.equal(5);
    }
    expect(emulator.counts.notFound).to.equal(4);
  });

  it("refuses a body over 64 KiB", async () => {
    const { body } = await post(`${emulator.url}/iam/v1/tokens`, { jwt: "a".repeat(70_000) });
    expect(body).to.include({ code: 3, message: "Request body is longer than 65536 bytes" });
  });

  it("is recorded without any secret", async () => {
    const jwt = await assertion(emulator, key);
    const { body } = await post(`${emulator.url}/iam/v1/tokens?a=1`, { jwt }, bearer("secret-bearer"));
    const [record] = emulator.requests;
    expect(record).to.include({
      route: "tokens",
      method: "POST",
      path: "/iam/v1/tokens",
      query: "a=1",
      status: 200,
    });
    expect(record).to.include({ authorization: "Bearer", body: undefined, failure: undefined });
    expect(record?.headerNames).to.include("content-type");
    expect(record?.time).to.be.closeTo(Date.now(), 5000);
    expect(record?.bytesSent).to.equal(JSON.stringify(body).length);
    const all = JSON.stringify(emulator.requests);
    for (const secret of [jwt, "secret-bearer", body["iamToken"] as string])
      expect(all).to.not.include(secret);
  });

  it("is recorded with its request's body only when asked for", async () => {
    emulator.recordBodies = true;
    await post(`${emulator.url}/iam/v1/tokens`, { jwt: "a.b.c" });
    expect(emulator.requests[0]?.body).to.equal('{"jwt":"a.b.c"}');
  });

  it("is counted by route, until a reset", async () => {
    const { counts, requests } = emulator;
    await exchange(emulator, await assertion(emulator, key));
    await call(`${emulator.url}/resource-manager/v1/clouds`);
    expect(counts).to.include({ tokens: 1, exchanges: 1, clouds: 1, endpoints: 0 });
    emulator.faults.inject({ status: 500 });
    emulator.reset();
    expect(Object.values(counts)).to.satisfy((all: number[]) => all.every((count) => count === 0));
    expect(requests).to.deep.equal([]);
    expect(emulator.faults.pending).to.equal(0);
    expect(emulator.issuedTokens).to.have.lengthOf(1);
  });
});
