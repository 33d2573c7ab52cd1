import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, isIPv6, type Server as NetServer, type Socket } from "node:net";
import { createFront } from "./grpc/front";
import { type GrpcFace } from "./grpc/face";
import { tunnel } from "./grpc/tunnel";

/** Key and certificate (PEM) of a TLS listener. */
export interface TlsOptions {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

/** Where to listen. */
export interface ListenOptions {
  /** A loopback address; anything else is refused. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly tls?: TlsOptions | undefined;
  /** Answers gRPC at the same address. */
  readonly grpc?: GrpcFace | undefined;
  /** Makes it a proxy too, which leads everything to this port. */
  readonly tunnelTo?: (() => number) | undefined;
}

/** A server that is listening. */
export interface Listener {
  readonly port: number;
  /** `host:port`, with brackets around an IPv6 address. */
  readonly address: string;
  /** `http://` or `https://` and the address. */
  readonly url: string;
  /** Connections open at this moment. */
  openSockets(): number;
  /** Stops listening and destroys every open connection. */
  close(): Promise<void>;
}

const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1)$/;

/**
 * Starts a server on a loopback address.
 *
 * Throws a TypeError for any other address: what the emulator gives out looks like a real token, and whoever can
 * reach it can have one.
 */
export async function openListener(options: ListenOptions, handler: RequestListener): Promise<Listener> {
  const { host, port, tls } = options;
  if (!LOOPBACK.test(host)) {
    throw new TypeError(
      `The emulator listens on a loopback address only (127.0.0.1 or ::1), not on "${host}"`,
    );
  }
  const server = createServer(options, handler);
  const sockets = trackSockets(server);
  server.listen(port, host);
  await once(server, "listening");
  let closing: Promise<void> | undefined;
  const opened = (server.address() as AddressInfo).port;
  const address = `${isIPv6(host) ? `[${host}]` : host}:${opened}`;
  return {
    port: opened,
    address,
    url: `${tls === undefined ? "http" : "https"}://${address}`,
    openSockets: () => sockets.size,
    close: () => (closing ??= closeServer(server, sockets)),
  };
}

function createServer({ host, tls, grpc, tunnelTo }: ListenOptions, handler: RequestListener): NetServer {
  const isPlain = tls === undefined || grpc !== undefined;
  const http = isPlain ? createHttpServer(handler) : createHttpsServer(tls, handler);
  if (tunnelTo !== undefined) tunnel(http, tunnelTo, host);
  return grpc === undefined ? http : createFront(http, grpc, tls);
}

function trackSockets(server: NetServer): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

async function closeServer(server: NetServer, sockets: Set<Socket>): Promise<void> {
  const closed = once(server, "close");
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}
