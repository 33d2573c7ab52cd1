import { type Client } from "@grpc/grpc-js";
import { once } from "node:events";
import { type AddressInfo } from "node:net";
import { createGrpcServer, type GrpcServer } from "../../../provider/terraform/plugin/grpc/server";
import { type Method } from "../../../provider/terraform/plugin/grpc/service";
import { createLogger } from "../../../provider/terraform/plugin/log";
import { connect } from "./grpc-client";

/** A real server on a free port of loopback, and a grpc-js client for it. */
export interface GrpcFixture {
  readonly client: () => Client;
  readonly grpc: () => GrpcServer;
  readonly address: () => string;
}

/** Registers hooks: one server with these methods for the tests of this suite. */
export function useGrpc(
  unary: Record<string, Method>,
  held: string[] = [],
  maxMessageBytes?: number,
): GrpcFixture {
  let grpc: GrpcServer;
  let client: Client;
  let address = "";
  before(async () => {
    const log = createLogger({ module: "test", write: () => undefined });
    const routes = { unary: new Map(Object.entries(unary)), held: new Set(held) };
    grpc = createGrpcServer({ routes, log, ...(maxMessageBytes && { maxMessageBytes }) });
    grpc.server.listen(0, "127.0.0.1");
    await once(grpc.server, "listening");
    address = `127.0.0.1:${(grpc.server.address() as AddressInfo).port}`;
    client = connect({ network: "tcp", address, certificate: "" });
  });
  after(() => {
    client.close();
    grpc.close();
  });
  return { client: () => client, grpc: () => grpc, address: () => address };
}
