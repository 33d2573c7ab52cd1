import { expect } from "chai";
import { assertion, bearer, call, clouds, exchange, post, raw, useEmulator } from "./client";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe("emulator: every reply", () => {
  const bench = useEmulator();
  const tokens = () => `${bench.emulator.url}/iam/v1/tokens`;

  it("has ids of its own, or the client's request id, in an error's details too", async () => {
    const replies = [
      await call(`${bench.emulator.url}/endpoints`),
      await call(`${bench.emulator.url}/nowhere`),
    ];
    const ids = replies.flatMap(({ headers }) => [
      headers.get("x-request-id"),
      headers.get("x-server-trace-id"),
    ]);
    for (const id of ids) expect(id).to.match(UUID);
    expect(new Set(ids).size).to.equal(4);
    const { headers, body } = await post(tokens(), {}, { "x-request-id": "mine-1" });
    expect(headers.get("x-request-id")).to.equal("mine-1");
    const detail = { "@type": "type.googleapis.com/google.rpc.RequestInfo", requestId: "mine-1" };
    expect(body["details"]).to.deep.equal([detail]);
    expect(bench.emulator.requests.at(-1)?.requestId).to.equal("mine-1");
  });

  it("to an unknown path, or another method, is 404 and code 5", async () => {
    const asked = [call(tokens()), ...["", ":other", "/"].map((end) => post(`${tokens()}s${end}`, {}))];
    for (const { status, body } of await Promise.all(asked))
      expect([status, body["code"]]).to.deep.equal([404, 5]);
    expect(bench.emulator.counts.notFound).to.equal(4);
  });

  for (const [line, status] of [
    ["GET //", "404 Not Found"],
    ["GET http://", "404 Not Found"],
    ["GET http://[", "404 Not Found"],
    ["GET http://a:b:c/endpoints?x", "200 OK"],
    ["GET /endpoints/%E0%A4%A", "404 Not Found"],
    ["OPTIONS *", "404 Not Found"],
    ["GET \\\\", "400 Bad Request"],
    ["GET http://%", "404 Not Found"],
    ["NONSENSE /", "400 Bad Request"],
    ["CONNECT a:1", ""],
  ] as const) {
    it(`E3: survives ${line}`, async () => {
      const received = await raw(tokens(), line);
      expect(received.split("\r\n", 1)).to.deep.equal([status === "" ? "" : `HTTP/1.1 ${status}`]);
      expect((await call(`${bench.emulator.url}/endpoints`)).status).to.equal(200);
      for (const { failure } of bench.emulator.requests) expect(failure).to.equal(undefined);
    });
  }

  it("is recorded without any secret, and with its request's body only when asked for", async () => {
    const jwt = await assertion(bench);
    const { body } = await post(`${tokens()}?a=1`, { jwt }, bearer("secret-bearer"));
    const [record] = bench.emulator.requests;
    expect(record).to.include({ route: "tokens", method: "POST", path: "/iam/v1/tokens", query: "a=1" });
    expect(record).to.include({ status: 200, authorization: "Bearer", body: undefined, failure: undefined });
    expect(record?.headerNames).to.include("content-type");
    expect(record?.time).to.be.closeTo(Date.now(), 5000);
    expect(record?.bytesSent).to.equal(JSON.stringify(body).length);
    const all = JSON.stringify(bench.emulator.requests);
    for (const secret of [jwt, "secret-bearer", body["iamToken"] as string])
      expect(all).to.not.include(secret);
    bench.emulator.recordBodies = true;
    await post(tokens(), { jwt: "a.b.c" });
    expect(bench.emulator.requests[1]?.body).to.equal('{"jwt":"a.b.c"}');
  });

  it("is counted by route, until a reset", async () => {
    const { counts, requests, issuedTokens } = bench.emulator;
    await exchange(bench);
    await clouds(bench, {});
    expect(counts).to.include({ tokens: 1, exchanges: 1, clouds: 1, endpoints: 0 });
    bench.emulator.faults.inject({ status: 500 });
    bench.emulator.reset();
    expect(new Set(Object.values(counts))).to.deep.equal(new Set([0]));
    expect([requests.length, bench.emulator.faults.pending]).to.deep.equal([0, 0]);
    expect(issuedTokens).to.not.be.empty;
  });
});

describe("emulator: discovery", () => {
  const bench = useEmulator();

  it("lists the emulator under each API", async () => {
    const address = bench.emulator.url;
    const endpoints = ["endpoint", "iam", "resource-manager"].map((id) => ({ id, address }));
    expect((await call(`${address}/endpoints`)).body).to.deep.equal({ endpoints, nextPageToken: "" });
  });

  it("tells one, does not know others, and answers what a test puts there", async () => {
    const { url, endpoints, counts } = bench.emulator;
    const iam = () => call(`${url}/endpoints/iam`);
    expect((await iam()).body).to.deep.equal({ id: "iam", address: url });
    for (const id of ["none", "%", "%69am"]) {
      const { status, body } = await call(`${url}/endpoints/${id}`);
      expect([status, body["code"], body["message"]]).to.deep.equal([404, 5, `API endpoint ${id} not found`]);
    }
    endpoints.set("iam", "elsewhere.example:443");
    expect((await iam()).body["address"]).to.equal("elsewhere.example:443");
    endpoints.delete("iam");
    expect((await iam()).status).to.equal(404);
    expect(counts.endpoints).to.equal(6);
  });
});
