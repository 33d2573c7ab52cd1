import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { expect } from "chai";
import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { connect as tlsConnect } from "node:tls";
import { type Fault, startEmulator } from "../../emulator";
import { Status, RequestInfo } from "../../emulator/generated/google/rpc/status";
import { type MessageType, RPCS } from "../../emulator/grpc/methods";
import { createCertificate } from "../../provider/tls/certificate";
import { assertion, type Bench, bearer, call, post, useEmulator } from "./client";

const { pem, privateKey } = createCertificate(Date.now(), [
  "localhost",
  "127.0.0.1",
  "*.api.cloud.yandex.net",
]);
const IAM = "yandex.cloud.iam.v1.IamTokenService";
const CLOUDS = "yandex.cloud.resourcemanager.v1.CloudService/List";
const same = (bytes: Buffer) => bytes;

type Json = Readonly<Record<string, unknown>>;

/** What came back of a call: the message as JSON, or the error; and the trailers. */
interface Came {
  readonly message?: Json | undefined;
  readonly error?: ServiceError;
  readonly headers: Metadata | undefined;
  readonly trailers: Metadata;
}

interface How {
  readonly headers?: Readonly<Record<string, string>>;
  readonly secure?: boolean;
  readonly deadlineMs?: number;
  /** In place of the emulator's. */
  readonly address?: string;
}

/** One call by gRPC's own client. */
async function rpc({ emulator }: Bench, name: string, message: object, how: How = {}): Promise<Came> {
  const { requestType, responseType } = RPCS.find(({ path }) => path === `/${name}`) as (typeof RPCS)[number];
  const trust = how.secure === true ? credentials.createSsl(Buffer.from(pem)) : credentials.createInsecure();
  // A certificate is for a name: TLS has none for an address of digits.
  const own = String(emulator.grpcAddress).replace("127.0.0.1", "localhost");
  const client = new Client(how.address ?? own, trust);
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(how.headers ?? {})) metadata.set(key, value);
  const bytes = Buffer.from(requestType.encode(requestType.fromJSON(message)).finish());
  const deadline = Date.now() + (how.deadlineMs ?? 20_000);
  try {
    return await new Promise<Came>((resolve) => {
      let came: Omit<Came, "trailers" | "headers">;
      let headers: Metadata | undefined;
      const done = (error: ServiceError | null, message?: Json) => (came = error ? { error } : { message });
      client
        .makeUnaryRequest(`/${name}`, same, jsonBy(responseType), bytes, metadata, { deadline }, done)
        .on("metadata", (metadata: Metadata) => (headers = metadata))
        .on("status", ({ metadata: trailers }) =>
          setImmediate(() => resolve({ ...came, headers, trailers })),
        );
    });
  } finally {
    client.close();
  }
}

const jsonBy = (type: MessageType) => (bytes: Buffer) => type.toJSON(type.decode(bytes)) as Json;

for (const secure of [false, true]) {
  describe(`emulator: gRPC beside REST, ${secure ? "by" : "without"} TLS`, () => {
    const tls = secure ? { tls: { key: privateKey, cert: pem } } : {};
    const bench = useEmulator({ grpc: true, recordBodies: true, ...tls });
    const ask = (name: string, message: object = {}, how: How = {}) =>
      rpc(bench, name, message, { secure, ...how });
    const create = async () => ask(`${IAM}/Create`, { jwt: await assertion(bench) });

    it("gives tokens, for an account too, and takes them back; REST knows the same ones", async () => {
      const { emulator, key } = bench;
      const iamToken = String((await create()).message?.["iamToken"]);
      const headers = bearer(iamToken);
      const [held] = emulator.issuedTokens.slice(-1);
      expect([held?.token, held?.subjectId]).to.deep.equal([iamToken, key.service_account_id]);
      expect((await ask(CLOUDS, {}, { headers })).message).to.have.nested.property("clouds[0].name");
      const { id: serviceAccountId } = emulator.addServiceAccount();
      const refused = await ask(`${IAM}/CreateForServiceAccount`, { serviceAccountId }, { headers });
      expect(refused.error).to.include({ code: 7, details: "Permission denied" });
      emulator.grantTokenCreator(key.service_account_id, serviceAccountId);
      const given = await ask(`${IAM}/CreateForServiceAccount`, { serviceAccountId }, { headers });
      const last = emulator.issuedTokens.at(-1);
      const expiresAt = new Date(last?.expiresAt ?? 0).toISOString();
      expect(given.message).to.deep.equal({ iamToken: last?.token, expiresAt });
      const revoked = await ask(`${IAM}/Revoke`, { iamToken }, { headers });
      expect(revoked.message).to.deep.equal({ subjectId: key.service_account_id });
      expect((await ask(CLOUDS, {}, { headers })).error).to.include({
        code: 16,
        details: "The token is invalid",
      });
      const { tokens, createForServiceAccount, revoke, clouds, exchanges } = emulator.counts;
      expect([tokens, createForServiceAccount, revoke, clouds, exchanges]).to.deep.equal([1, 2, 1, 2, 2]);
    });

    it("tells of an error what REST tells: code, text, and the request's id in headers, trailers and details", async () => {
      const asked = { headers: { "x-request-id": "mine" } };
      const { error, headers, trailers } = await ask(`${IAM}/Create`, {}, asked);
      const text = "Validation failed:\n  - identity: One of the options must be selected";
      expect(error).to.include({ code: 3, details: text });
      for (const ids of [headers, trailers]) expect(ids?.get("x-request-id")).to.deep.equal(["mine"]);
      expect(trailers.get("x-server-trace-id")).to.have.length(1);
      const status = Status.decode(trailers.get("grpc-status-details-bin")[0] as Buffer);
      expect([status.code, status.message]).to.deep.equal([3, text]);
      expect(RequestInfo.decode(status.details?.[0]?.value as Uint8Array).requestId).to.equal("mine");
      const [record] = bench.emulator.requests;
      const path = `/${IAM}/Create`;
      expect(record).to.include({ route: "tokens", method: "POST", path, status: 400, body: "{}" });
      expect(record?.userAgent).to.match(/^grpc-node-js/);
    });

    it("has one address for both, which the discovery names to either without what it cannot read", async () => {
      const { emulator } = bench;
      expect(emulator.url).to.equal(`${secure ? "https" : "http"}://${emulator.grpcAddress}`);
      const address = emulator.grpcAddress;
      const { message } = await ask("yandex.cloud.endpoint.ApiEndpointService/List");
      expect(message?.["endpoints"]).to.deep.include({ id: "iam", address });
      const got = await ask("yandex.cloud.endpoint.ApiEndpointService/Get", { apiEndpointId: "iam" });
      expect(got.message).to.deep.equal({ id: "iam", address });
      const none = await ask("yandex.cloud.endpoint.ApiEndpointService/Get", { apiEndpointId: "none" });
      expect(none.error?.code).to.equal(5);
      if (secure) return;
      expect((await call(`${emulator.url}/endpoints/iam`)).body).to.deep.equal({
        id: "iam",
        address: emulator.url,
      });
      const jwt = await assertion(bench, { claims: { aud: `https://iam.${address}/iam/v1/tokens` } });
      expect((await post(`${emulator.url}/iam/v1/tokens`, { jwt })).status).to.equal(200);
    });

    const faults: readonly (readonly [Fault, number, string?])[] = [
      [{ code: 14, message: "down" }, 14, "down"],
      [{ status: 503 }, 14],
      [{ retryAfter: 1 }, 8],
      [{ redirect: "https://elsewhere.example" }, 2],
      [{ reset: "before" }, 14],
      [{ reset: "body" }, 14],
      [{ truncate: true }, 13],
      [{ delayMs: 3_600_000 }, 4],
    ];
    for (const [fault, code, details] of faults) {
      it(`spoils a call as one of REST: ${JSON.stringify(fault)}`, async () => {
        bench.emulator.faults.inject({ ...fault, route: "clouds" });
        const token = (await create()).message?.["iamToken"];
        const how = {
          headers: bearer(String(token)),
          ...(fault.delayMs !== undefined && { deadlineMs: 300 }),
        };
        const { error } = await ask(CLOUDS, {}, how);
        expect(error).to.include({ code, ...(details !== undefined && { details }) });
        expect(bench.emulator.faults.pending).to.equal(0);
        expect(bench.emulator.counts.clouds).to.equal(1);
        expect((await ask(CLOUDS, {}, { headers: how.headers })).message).to.have.property("clouds");
      });
    }

    it("makes a token short or ends its record, and edits trailers, by a fault", async () => {
      bench.emulator.faults.inject({ shortLifeMs: 60_000, headers: { "x-request-id": null, "x-more": "1" } });
      bench.emulator.faults.inject({ expiresAt: null });
      const { message, trailers } = await create();
      expect(Date.parse(String(message?.["expiresAt"])) - bench.emulator.now()).to.be.within(0, 60_000);
      expect([trailers.get("x-request-id"), trailers.get("x-more")]).to.deep.equal([[], ["1"]]);
      expect((await create()).message).to.not.have.property("expiresAt");
    });
  });
}

describe("emulator: a proxy to itself", () => {
  const bench = useEmulator({ grpc: true, tls: { key: privateKey, cert: pem } });
  afterEach(() => delete process.env["grpc_proxy"]);

  it("leads clients that know IAM's own address alone to it, and to nothing else", async () => {
    process.env["grpc_proxy"] = `http://${bench.emulator.metadataAddress}`;
    const asked = { secure: true, address: "iam.api.cloud.yandex.net:443" };
    const { message } = await rpc(bench, `${IAM}/Create`, { jwt: await assertion(bench) }, asked);
    expect(message?.["iamToken"]).to.equal(bench.emulator.issuedTokens[0]?.token);
    const { error } = await rpc(bench, CLOUDS, {}, { ...asked, address: "example.org:443" });
    expect(error?.details).to.include("altnames");
    expect(bench.emulator.requests.map(({ route }) => route)).to.deep.equal(["tokens"]);
  });

  it("answers REST to who offers HTTP/1.1 beside HTTP/2, as curl and Go do", async () => {
    const emulator = await startEmulator({ grpc: true, tls: { cert: pem, key: privateKey } });
    try {
      const { hostname, port } = new URL(emulator.url);
      const offer = { ca: pem, servername: "localhost", ALPNProtocols: ["h2", "http/1.1"] };
      const socket = tlsConnect(Number(port), hostname, offer);
      await once(socket, "secureConnect");
      socket.write("GET /endpoints HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      expect(await text(socket)).to.match(/^HTTP\/1\.1 200 OK\r\n/);
    } finally {
      await emulator.close();
    }
  });

  it("is there with gRPC alone, which is to be asked for", async () => {
    const emulator = await startEmulator();
    const asking = connect(Number(new URL(emulator.url).port), "127.0.0.1");
    asking.write("CONNECT iam.api.cloud.yandex.net:443 HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(asking, "close");
    expect([asking.bytesRead, emulator.grpcAddress]).to.deep.equal([0, undefined]);
    await emulator.close();
  });
});
