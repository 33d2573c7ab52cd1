import { expect } from "chai";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { type Method } from "../../provider/grpc/service";
import { Code, StatusError } from "../../provider/grpc/status";
import {
  callBytes,
  connect,
  connectivityState,
  failureOf,
  same,
  status,
} from "../terraform/support/grpc-client";
import { until } from "../terraform/support/plugin-process";
import { startGrpc, useGrpc } from "../terraform/support/grpc-fixture";

const KIB = 1024;
const reasons: unknown[] = [];
let waits = 0;

/** Never answers; remembers why it was aborted. */
const waiting: Method = (_request, { signal }) => {
  waits++;
  return new Promise(() => signal.addEventListener("abort", () => reasons.push(signal.reason)));
};

const deaf: Method = () => new Promise(() => undefined);

const GRPC = { "content-type": "application/grpc", te: "trailers" };

describe("gRPC server", () => {
  const { client, grpc } = useGrpc(
    {
      "/t/Echo": async (request) => request,
      "/t/Grow": async () => new Uint8Array(300 * KIB),
      "/t/Throw": async () => Promise.reject(new TypeError("100 % wrong: ы")),
      "/t/Long": async () => Promise.reject(new StatusError(Code.INTERNAL, "ы\n".repeat(40_000))),
      "/t/Refuse": async () => Promise.reject(new StatusError(Code.INVALID_ARGUMENT, "no")),
      "/t/Wait": waiting,
      "/t/Deaf": deaf,
    },
    { held: ["/t/Hold"], maxMessageBytes: 256 * KIB },
  );

  beforeEach(() => {
    reasons.length = 0;
    waits = 0;
  });

  it("answers many calls at once, of nothing and of as much as the limit", async () => {
    const sizes = [0, 1, 256 * KIB, ...Array.from({ length: 100 }, (_, size) => size)];
    const calls = sizes.map((size) => callBytes(client(), "/t/Echo", Buffer.alloc(size, size)));
    const answers = await Promise.all(calls);
    expect(answers).to.deep.equal(sizes.map((size) => Buffer.alloc(size, size)));
  });

  it("refuses a larger request and a larger answer, and goes on", async () => {
    const request = await failureOf(callBytes(client(), "/t/Echo", Buffer.alloc(4096 * KIB)));
    expect(request).to.include({ code: status.RESOURCE_EXHAUSTED });
    const answer = await failureOf(callBytes(client(), "/t/Grow"));
    expect(answer.details).to.match(/307200 bytes is over the limit of 262144/);
    expect(await callBytes(client(), "/t/Echo", Buffer.from("x"))).to.have.length(1);
  });

  const failures = {
    "/t/Throw": { code: status.INTERNAL, details: "TypeError: 100 % wrong: ы" },
    "/t/Refuse": { code: status.INVALID_ARGUMENT, details: "no" },
    "/t/Other": { code: status.UNIMPLEMENTED },
  };
  for (const [path, failure] of Object.entries(failures))
    it(`answers ${path} with the status that belongs to it, message and all`, async () => {
      expect(await failureOf(callBytes(client(), path))).to.include(failure);
    });

  it("cuts a message that no header could carry, and keeps the connection for other calls", async () => {
    const other = callBytes(client(), "/t/Echo", Buffer.from("x"));
    const { code, details } = await failureOf(callBytes(client(), "/t/Long"));
    expect(code).to.equal(status.INTERNAL);
    expect(details)
      .to.match(/^(ы\n)+ы?\.\.\.$/)
      .and.have.length.within(3000, 6000);
    expect(await other).to.have.length(1);
  });

  it("tells the handler when the client cancels", async () => {
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
});

describe("gRPC server whose methods cannot be found at first", () => {
  it("answers with what was thrown, and serves later calls", async () => {
    let asked = 0;
    const get = (): Method => {
      if ((asked += 1) === 1) throw new TypeError("cannot be loaded");
      return async (request) => request;
    };
    const { dial, close } = await startGrpc({ get });
    const failure = await failureOf(callBytes(dial(), "/t/Echo"));
    expect(failure).to.include({ code: status.INTERNAL, details: "TypeError: cannot be loaded" });
    expect(await callBytes(dial(), "/t/Echo", Buffer.from("x"))).to.have.length(1);
    close();
  });
});

describe("gRPC server against raw HTTP/2", () => {
  const { address } = useGrpc({ "/t/Echo": async (request) => request, "/t/Wait": waiting, "/t/Deaf": deaf });

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

  /** The headers that answer a message which has only begun to arrive. */
  async function answerTo(begun: string, headers: Record<string, string> = {}) {
    const session = connectHttp2(`http://${address()}`);
    const stream = session.request({ ":method": "POST", ":path": "/t/Echo", ...GRPC, ...headers });
    stream.write(Buffer.from(begun, "hex"));
    const [answer] = (await once(stream, "response")) as [Record<string, unknown>];
    session.destroy();
    return answer;
  }

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

  it("ends a call itself at the time that grpc-timeout sets, whether or not the handler listens", async () => {
    reasons.length = 0;
    for (const path of ["/t/Wait", "/t/Deaf"]) {
      const { headers } = await post({ ...GRPC, "grpc-timeout": "50m" }, Buffer.alloc(5), path);
      expect(headers).to.include({ "grpc-status": String(Code.DEADLINE_EXCEEDED) });
      expect(headers["grpc-message"]).to.equal("deadline exceeded");
    }
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.include({ code: Code.DEADLINE_EXCEEDED });
  });

  it("ends a call by its deadline while the message is still arriving", async () => {
    const answer = await answerTo("000000", { "grpc-timeout": "50m" });
    expect(answer).to.include({ "grpc-status": String(Code.DEADLINE_EXCEEDED) });
  });

  it("refuses a message that is too large, or compressed, before it has arrived", async () => {
    const refused = { "00ffffffff": Code.RESOURCE_EXHAUSTED, "0100000010": Code.UNIMPLEMENTED };
    for (const [prefix, code] of Object.entries(refused))
      expect(await answerTo(prefix)).to.include({ "grpc-status": String(code) });
  });

  it("answers 415 to what is not gRPC", async () => {
    const answer = await post({ "content-type": "application/json" }, Buffer.from("{}"));
    expect(answer.headers).to.include({ ":status": 415 });
  });
});

describe("gRPC server that ends", () => {
  /** Calls a method on a raw connection, which may be dropped. */
  function request(path: string, address: string) {
    const session = connectHttp2(`http://${address}`);
    const stream = session.request({ ":method": "POST", ":path": path, ...GRPC });
    for (const one of [session, stream]) one.on("error", () => undefined);
    return { session, stream };
  }

  /** A call that is under way, and the status that it ends with. */
  async function underWay(address: string) {
    const { session, stream } = request("/t/Wait", address);
    const status = new Promise<unknown>((done) => {
      stream.once("response", (answer) => done(answer["grpc-status"]));
      stream.once("close", () => done("no answer"));
    });
    stream.end(Buffer.alloc(5));
    await until(() => waits > 0, 2_000);
    return { session, status };
  }

  for (const isLeaving of [false, true]) {
    it(`answers a call under way, and waits for no more${isLeaving ? ", when the client is leaving" : ""}`, async () => {
      waits = 0;
      const { grpc, address, close } = await startGrpc(new Map([["/t/Wait", waiting]]));
      const { session, status: answered } = await underWay(address);
      if (isLeaving) {
        session.goaway();
        await delay(50);
      }
      grpc.abortCalls(new StatusError(Code.CANCELLED, "the plugin ends"));
      const late = delay(400, "late");
      expect(await Promise.race([grpc.end(), late])).to.equal(undefined);
      expect(await answered).to.equal(String(Code.CANCELLED));
      session.destroy();
      close();
    });
  }

  it("drops a connection that stays, after a moment", async () => {
    const { grpc, address, close } = await startGrpc(new Map(), { held: ["/t/Hold"] });
    const { session, stream } = request("/t/Hold", address);
    await once(stream, "response");
    const gone = once(session, "close");
    await grpc.end();
    await gone;
    close();
  });
});

describe("gRPC server and a client that drops idle connections", () => {
  const { address } = useGrpc({ "/t/Echo": async (request) => request }, { held: ["/t/Hold"] });

  /** Whether it goes idle: grpc-go does so after 30 minutes; grpc-js can be told to after one second. */
  async function goesIdle(hold: boolean): Promise<boolean> {
    const options = { "grpc.client_idle_timeout_ms": 1_000 };
    const client = connect({ network: "tcp", address: address(), certificate: "" }, undefined, options);
    const seen: string[] = [];
    try {
      const held = hold ? client.makeServerStreamRequest("/t/Hold", same, same, Buffer.alloc(0)) : undefined;
      for (const event of ["data", "end", "error", "status"]) held?.on(event, () => seen.push(event));
      await callBytes(client, "/t/Echo");
      const isIdle = () => client.getChannel().getConnectivityState(false) === connectivityState.IDLE;
      expect(isIdle()).to.equal(false);
      const idle = await until(isIdle, 1_500);
      expect(seen).to.deep.equal([]);
      return idle;
    } finally {
      client.close();
    }
  }

  it("keeps the connection by the stream it holds, on which it sends nothing", async () => {
    expect(await goesIdle(false), "without it").to.equal(true);
    expect(await goesIdle(true), "with it").to.equal(false);
  });
});

describe("gRPC server, real limits", () => {
  const { client } = useGrpc({
    "/t/Grow": async (request) => new Uint8Array(Buffer.from(request).readUInt32BE()),
    "/t/Size": async (request) => Buffer.from(String(request.length)),
  });
  const size = 70_000_000;

  it("gives 70 MB in one answer, and answers other calls meanwhile", async () => {
    const request = Buffer.alloc(4);
    request.writeUInt32BE(size);
    let underWay = true;
    const large = callBytes(client(), "/t/Grow", request, Date.now() + 15_000);
    void large.finally(() => (underWay = false));
    while (underWay) expect(String(await callBytes(client(), "/t/Size", request))).to.equal("4");
    expect(await large).to.have.length(size);
  });

  it("takes 70 MB in one request, and another large one at the same time", async () => {
    const sent = [size, 20_000_000];
    const calls = sent.map((each) => callBytes(client(), "/t/Size", Buffer.alloc(each), Date.now() + 15_000));
    expect((await Promise.all(calls)).map(String)).to.deep.equal(sent.map(String));
  });
});
