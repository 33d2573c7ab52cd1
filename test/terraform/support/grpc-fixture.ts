import { type Client } from "@grpc/grpc-js";
import { once } from "node:events";
import { type AddressInfo } from "node:net";
import { createGrpcServer, type GrpcServer } from "../../../provider/grpc/server";
import { type Method, type Routes } from "../../../provider/grpc/service";
import { createLogger, type Logger } from "../../../provider/terraform/plugin/log";
import { connect } from "./grpc-client";

/** What a server may be given beside its methods. */
export interface GrpcParts {
  readonly held?: readonly string[];
  readonly maxMessageBytes?: number;
  readonly log?: Logger;
}

/** A real server on a free port of loopback. */
export interface RunningGrpc {
  readonly grpc: GrpcServer;
  readonly address: string;
  /** A grpc-js client with a connection of its own. */
  readonly dial: () => Client;
  readonly close: () => void;
}

/** Starts a server with these methods. The caller closes it. */
export async function startGrpc(
  unary: Routes["unary"],
  {
    held = [],
    maxMessageBytes,
    log = createLogger({ module: "test", write: () => undefined }),
  }: GrpcParts = {},
): Promise<RunningGrpc> {
  const routes = { unary, held: new Set(held) };
  const grpc = createGrpcServer({ routes, log, ...(maxMessageBytes && { maxMessageBytes }) });
  grpc.server.listen(0, "127.0.0.1");
  await once(grpc.server, "listening");
  const address = `127.0.0.1:${(grpc.server.address() as AddressInfo).port}`;
  const clients: Client[] = [];
  const dial = () => {
    const own = { "grpc.use_local_subchannel_pool": 1 };
    const client = connect({ network: "tcp", address, certificate: "" }, undefined, own);
    clients.push(client);
    return client;
  };
  const close = () => {
    clients.forEach((client) => client.close());
    grpc.close();
  };
  return { grpc, address, dial, close };
}

/** Registers hooks: one server with these methods, and a client, for the tests of this suite. */
export function useGrpc(unary: Readonly<Record<string, Method>>, parts?: GrpcParts) {
  let running: RunningGrpc;
  let client: Client;
  before(async () => {
    running = await startGrpc(new Map(Object.entries(unary)), parts);
    client = running.dial();
  });
  after(() => running.close());
  return { client: () => client, grpc: () => running.grpc, address: () => running.address };
}
