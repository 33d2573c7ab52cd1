import type { Metadata, sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import { randomUUID } from "node:crypto";
import { type Socket } from "node:net";
import { type RouteName } from "../api";
import { codeForHttpStatus } from "../errors";
import { RequestInfo, Status } from "../generated/google/rpc/status";
import { type Reply } from "../http";
import { type Pipeline } from "../pipeline";
import { type Answered, exchange } from "./exchange";
import { type GrpcFace } from "./face";
import { RPCS } from "./methods";

type UnaryCall = ServerUnaryCall<Buffer, Buffer>;

const same = (bytes: Buffer): Buffer => bytes;
const BYTES = {
  requestStream: false,
  responseStream: false,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
};

/** Answers over gRPC what the pipeline's routes answer over REST. grpc-js is loaded here: most emulators need none. */
export async function createGrpcFace(pipeline: Pipeline<RouteName>): Promise<GrpcFace> {
  const grpc = await import("@grpc/grpc-js");
  const server = new grpc.Server();
  const sockets = new Map<string, Socket>();
  for (const rpc of RPCS) {
    const handle = async (call: UnaryCall, done: sendUnaryData<Buffer>): Promise<void> => {
      const headers = Object.fromEntries(
        Object.entries(call.metadata.getMap()).map(([name, value]) => [name, String(value)]),
      );
      const socket = sockets.get(portOf(call.getPeer()));
      const answered = await exchange(pipeline, { rpc, headers, message: call.request, socket });
      if (answered === undefined) return;
      const trailers = metadataOf(answered, new grpc.Metadata());
      // The Node SDK looks for the request's id in the headers, go-sdk/v2 in both.
      call.sendMetadata(trailers.clone());
      send(answered, trailers, done);
    };
    const handlers: UntypedServiceImplementation = {
      call: (call: UnaryCall, done: sendUnaryData<Buffer>) =>
        void handle(call, done).catch((error: unknown) => done({ code: 13, details: String(error) })),
    };
    server.addService({ call: { path: rpc.path, ...BYTES } }, handlers);
  }
  const connections = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  return {
    take: (socket) => {
      const port = String(socket.remotePort);
      sockets.set(port, socket);
      socket.once("close", () => sockets.delete(port));
      connections.injectConnection(socket);
    },
    close: () => server.forceShutdown(),
  };
}

/** The port in `127.0.0.1:PORT`, by which a client on this machine is told apart. */
function portOf(peer: string): string {
  return /\d+$/.exec(peer)?.[0] ?? "";
}

function metadataOf({ requestId, reply, fault }: Answered, metadata: Metadata): Metadata {
  const ids = { "x-request-id": requestId, "x-server-trace-id": randomUUID() };
  for (const [name, value] of Object.entries({ ...ids, ...reply.headers, ...fault.headers }))
    if (value !== null) metadata.set(name, value);
  return metadata;
}

function send(
  { requestId, reply, message }: Answered,
  trailers: Metadata,
  done: sendUnaryData<Buffer>,
): void {
  if (message !== undefined) return done(null, Buffer.from(message), trailers);
  const { code, message: details } = errorIn(reply);
  trailers.set("grpc-status-details-bin", statusDetails(code, details, requestId));
  done({ code, details, metadata: trailers });
}

/** The google.rpc.Status that a reply of REST has as its body, or what its HTTP status comes to. */
function errorIn({ status, body }: Reply): { code: number; message: string } {
  const { code = codeForHttpStatus(status), message = `HTTP status ${status}` } = Object(body) as {
    code?: number;
    message?: string;
  };
  return { code, message };
}

function statusDetails(code: number, message: string, requestId: string): Buffer {
  const value = Buffer.from(RequestInfo.encode({ requestId }).finish());
  const details = [{ typeUrl: "type.googleapis.com/google.rpc.RequestInfo", value }];
  return Buffer.from(Status.encode({ code, message, details }).finish());
}
