import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { EngineLog } from "../../provider/pulumi/engine-log";

/** As much of an engine as takes log lines. */
async function startEngine() {
  const lines: string[] = [];
  const server = new Server();
  server.addService(EngineService, {
    log: ({ request }: { request: LogRequest }, done: (error: null, answer: Empty) => void) => {
      const severity = request.getSeverity() === LogSeverity.WARNING ? "warning" : "debug";
      lines.push(`${severity}: ${request.getMessage()}`);
      done(null, new Empty());
    },
  });
  const port = await new Promise<number>((done) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_, bound) => done(bound)),
  );
  return { address: `127.0.0.1:${port}`, lines, stop: () => server.forceShutdown() };
}

/** Takes connections and says nothing. */
async function startMute() {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => (sockets.forEach((socket) => socket.destroy()), server.close());
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, sockets, server, stop };
}

/** Hands connections on to an engine, and keeps them in sight. */
async function startGate(address: string) {
  const gate = await startMute();
  const [host, port] = address.split(":");
  gate.server.on("connection", (socket) => {
    const engine = connect(Number(port), host);
    pipeline(socket, engine, socket, () => undefined);
  });
  return gate;
}

describe("the engine's log", () => {
  it("gets warnings and what is for debugging, has them when flushed, and goes to who attached last", async () => {
    const [first, second] = [await startEngine(), await startEngine()];
    const log = new EngineLog();
    log.warn("nobody is there for this");
    log.attach(first.address);
    log.attach(second.address);
    log.warn("the token dies soon");
    log.debug("got a token", { credential: "key", count: 2 });
    await log.flush();
    [first, second].forEach(({ stop }) => stop());
    expect(first.lines).to.deep.equal([]);
    expect(second.lines).to.have.members([
      "warning: yciam: the token dies soon",
      'debug: yciam: got a token {"credential":"key","count":2}',
    ]);
  });

  it("loses what is logged for an address that is none, and no more", async () => {
    const log = new EngineLog();
    for (const address of ["", "no address", "127.0.0.1:99999"]) {
      log.attach(address);
      log.warn("hello");
      await log.flush();
    }
  });

  for (const state of ["mute", "gone"]) {
    it(`waits no longer than a few seconds for an engine that is ${state}`, async () => {
      const engine = state === "mute" ? await startMute() : await startEngine();
      if (state === "gone") engine.stop();
      const log = new EngineLog();
      log.attach(engine.address);
      log.warn("hello");
      const start = performance.now();
      await log.flush();
      engine.stop();
      expect(performance.now() - start).to.be.lessThan(5000);
    });
  }

  it("speaks to an engine by one connection, which it drops for another engine", async () => {
    const engine = await startEngine();
    const gate = await startGate(engine.address);
    const log = new EngineLog();
    log.attach(gate.address);
    for (const line of ["one", "two"]) {
      log.warn(line);
      await log.flush();
    }
    expect(engine.lines).to.deep.equal(["warning: yciam: one", "warning: yciam: two"]);
    expect(gate.sockets).to.have.length(1);
    const [socket] = gate.sockets as [Socket];
    const closed = once(socket, "close");
    log.attach(engine.address);
    await closed;
    gate.stop();
    engine.stop();
  });
});
