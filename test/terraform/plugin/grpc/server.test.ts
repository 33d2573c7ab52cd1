import { expect } from "chai";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { type Method } from "../../../../provider/terraform/plugin/grpc/service";
import { Code, StatusError } from "../../../../provider/terraform/plugin/grpc/status";
import { callBytes, connect, connectivityState, failureOf, status } from "../../support/grpc-client";
import { until } from "../../support/plugin-process";
import { useGrpc } from "../../support/grpc-fixture";

const KIB = 1024;
const reasons: unknown[] = [];
let waits = 0;

/** Never answers; remembers why it was aborted. */
const waiting: Method = (_request, { signal }) => {
  waits++;
  return new Promise(() => signal.addEventListener("abort", () => reasons.push(signal.reason)));
};

describe("terraform plugin: gRPC server", () => {
  const { client, grpc } = useGrpc(
    {
      "/t/Echo": async (request) => request,
      "/t/Grow": async () => new Uint8Array(300 * KIB),
      "/t/Throw": async () => Promise.reject(new TypeError("100 % wrong: ы")),
      "/t/Refuse": async () => Promise.reject(new StatusError(Code.INVALID_ARGUMENT, "no")),
      "/t/Wait": waiting,
      "/t/Deaf": () => new Promise(() => undefined),
    },
    { held: ["/t/Hold"], maxMessageBytes: 256 * KIB },
  );

  beforeEach(() => {
    reasons.length = 0;
    waits = 0;
  });

  it("answers, the empty message too", async () => {
    expect(await callBytes(client(), "/t/Echo", Buffer.from("hello"))).to.deep.equal(Buffer.from("hello"));
    expect(await callBytes(client(), "/t/Echo")).to.have.length(0);
  });

  it("takes and gives messages up to the limit", async () => {
    expect(await callBytes(client(), "/t/Echo", Buffer.alloc(256 * KIB))).to.have.length(256 * KIB);
  });

  it("refuses a larger request and a larger answer, and goes on", async () => {
    const request = await failureOf(callBytes(client(), "/t/Echo", Buffer.alloc(4096 * KIB)));
    expect(request).to.include({ code: status.RESOURCE_EXHAUSTED });
    const answer = await failureOf(callBytes(client(), "/t/Grow"));
    expect(answer.details).to.match(/307200 bytes is over the limit of 262144/);
    expect(await callBytes(client(), "/t/Echo", Buffer.from("x"))).to.have.length(1);
  });

  it("turns what a handler throws into a status, message and all", async () => {
    expect(await failureOf(callBytes(client(), "/t/Throw"))).to.include({
      code: status.INTERNAL,
      details: "TypeError: 100 % wrong: ы",
    });
    expect(await failureOf(callBytes(client(), "/t/Refuse"))).to.include({
      code: status.INVALID_ARGUMENT,
      details: "no",
    });
  });

  it("does not know other methods", async () => {
    expect(await failureOf(callBytes(client(), "/t/Other"))).to.include({ code: status.UNIMPLEMENTED });
  });

  it("ends a call at its deadline, whether or not the handler listens", async () => {
    for (const path of ["/t/Wait", "/t/Deaf"]) {
      const failure = await failureOf(callBytes(client(), path, new Uint8Array(), Date.now() + 100));
      expect(failure.code, path).to.equal(status.DEADLINE_EXCEEDED);
    }
  });

  it("tells the handler when the client cancels", async () => {
    const same = (bytes: Buffer) => bytes;
    const call = client().makeUnaryRequest("/t/Wait", same, same, Buffer.alloc(0), () => undefined);
    call.on("error", () => undefined);
    await until(() => waits === 1, 2_000);
    call.cancel();
    await until(() => reasons.length > 0, 2_000);
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.include({ code: Code.CANCELLED });
  });

  it("ends all calls under way on demand, and serves later ones", async () => {
    const calls = ["/t/Deaf", "/t/Wait"].map((path) => failureOf(callBytes(client(), path)));
    await until(() => waits === 1, 2_000);
    grpc().abortCalls(new StatusError(Code.INTERNAL, "met an error"));
    for (const failure of await Promise.all(calls)) {
      expect(failure).to.include({ code: status.INTERNAL, details: "met an error" });
    }
    expect(await callBytes(client(), "/t/Echo", Buffer.from("x"))).to.have.length(1);
  });

  it("serves many calls at once", async () => {
    const calls = Array.from({ length: 200 }, (_, n) => callBytes(client(), "/t/Echo", Buffer.from([n])));
    const answers = await Promise.all(calls);
    expect(Buffer.concat(answers)).to.deep.equal(Buffer.from([...calls.keys()]));
  });

  it("holds a stream open and sends nothing on it", async () => {
    const same = (bytes: Buffer) => bytes;
    const call = client().makeServerStreamRequest("/t/Hold", same, same, Buffer.alloc(0));
    const seen: string[] = [];
    for (const event of ["data", "end", "error", "status"]) call.on(event, () => seen.push(event));
    await once(call, "metadata");
    await sleep(100);
    expect(seen).to.deep.equal([]);
    call.cancel();
  });
});

describe("terraform plugin: gRPC server against raw HTTP/2", () => {
  const { address } = useGrpc({ "/t/Echo": async (request) => request, "/t/Wait": waiting });

  async function post(headers: Record<string, string>, body: Buffer, path = "/t/Echo") {
    const session = connectHttp2(`http://${address()}`);
    try {
      const stream = session.request({ ":method": "POST", ":path": path, ...headers });
      const trailers: Record<string, unknown> = {};
      stream.on("response", (received) => void Object.assign(trailers, received));
      stream.on("trailers", (received) => void Object.assign(trailers, received));
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.end(body);
      await once(stream, "close");
      return { headers: trailers, body: Buffer.concat(chunks).toString("hex") };
    } finally {
      session.close();
    }
  }

  const GRPC = { "content-type": "application/grpc", te: "trailers" };

  it("frames the answer and ends it with a status", async () => {
    const answer = await post(GRPC, Buffer.from("0000000002abcd", "hex"));
    expect(answer.body).to.equal("0000000002abcd");
    expect(answer.headers).to.include({
      ":status": 200,
      "content-type": "application/grpc+proto",
      "grpc-status": "0",
    });
  });

  it("refuses a request that is cut short, doubled, compressed or empty", async () => {
    const refused = { "0000000003abcd": 13, "0000000001ab0000000001cd": 13, "0100000001ab": 12, "": 13 };
    for (const [body, code] of Object.entries(refused)) {
      const answer = await post(GRPC, Buffer.from(body, "hex"));
      expect(answer.headers["grpc-status"], body).to.equal(String(code));
    }
  });

  it("ends a call itself at the time that grpc-timeout sets, and tells the handler why", async () => {
    reasons.length = 0;
    const { headers } = await post({ ...GRPC, "grpc-timeout": "50m" }, Buffer.alloc(5), "/t/Wait");
    expect(headers).to.include({ "grpc-status": String(Code.DEADLINE_EXCEEDED) });
    expect(headers["grpc-message"]).to.equal("deadline exceeded");
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.include({ code: Code.DEADLINE_EXCEEDED });
  });

  it("answers 415 to what is not gRPC", async () => {
    const answer = await post({ "content-type": "application/json" }, Buffer.from("{}"));
    expect(answer.headers).to.include({ ":status": 415 });
  });
});

describe("terraform plugin: gRPC server and a client that drops idle connections", () => {
  const { address } = useGrpc({ "/t/Echo": async (request) => request }, { held: ["/t/Hold"] });

  /** Whether it goes idle: grpc-go does so after 30 minutes; grpc-js can be told to after one second. */
  async function goesIdle(hold: boolean): Promise<boolean> {
    const options = { "grpc.client_idle_timeout_ms": 1_000 };
    const client = connect({ network: "tcp", address: address(), certificate: "" }, undefined, options);
    try {
      const same = (bytes: Buffer) => bytes;
      const held = hold ? client.makeServerStreamRequest("/t/Hold", same, same, Buffer.alloc(0)) : undefined;
      held?.on("error", () => undefined);
      await callBytes(client, "/t/Echo");
      const isIdle = () => client.getChannel().getConnectivityState(false) === connectivityState.IDLE;
      expect(isIdle()).to.equal(false);
      return await until(isIdle, 1_500);
    } finally {
      client.close();
    }
  }

  it("keeps the connection by the stream it holds", async () => {
    expect(await goesIdle(false), "without it").to.equal(true);
    expect(await goesIdle(true), "with it").to.equal(false);
  });
});

describe("terraform plugin: gRPC server, real limits", () => {
  const { client } = useGrpc({
    "/t/Grow": async (request) => new Uint8Array(Buffer.from(request).readUInt32BE()),
    "/t/Size": async (request) => Buffer.from(String(request.length)),
  });

  it("gives 70 MB in one answer", async () => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(70_000_000);
    expect(await callBytes(client(), "/t/Grow", size, Date.now() + 15_000)).to.have.length(70_000_000);
  });

  it("answers other calls while a large answer is under way", async () => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(70_000_000);
    let underWay = true;
    const large = callBytes(client(), "/t/Grow", size, Date.now() + 15_000).finally(() => (underWay = false));
    while (underWay) expect(String(await callBytes(client(), "/t/Size", size))).to.equal("4");
    expect(await large).to.have.length(70_000_000);
  });

  it("takes 70 MB in one request, and several large ones at once", async () => {
    const sent = [70_000_000, 20_000_000, 20_000_000];
    const calls = sent.map((size) => callBytes(client(), "/t/Size", Buffer.alloc(size), Date.now() + 15_000));
    expect((await Promise.all(calls)).map(String)).to.deep.equal(sent.map(String));
  });
});
