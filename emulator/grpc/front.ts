import { type Server as HttpServer } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { type GrpcFace } from "./face";

/** How a client begins HTTP/2 where there is no TLS (RFC 9113, 3.4). */
const PREFACE = "PRI";

/** One server for REST and gRPC, as IAM's address is: each connection is handed to the one that its client speaks. */
export function createFront(http: HttpServer, grpc: GrpcFace, tls: TlsOptions | undefined): Server {
  const hand = (socket: Socket, isHttp2: boolean): void => {
    if (isHttp2) grpc.take(socket);
    else http.emit("connection", socket);
  };
  // Clients of gRPC offer HTTP/2 alone. Who offers both, as curl and Go do, asks for REST.
  const offered = { ...tls, ALPNProtocols: ["http/1.1", "h2"], noDelay: true };
  // A server of HTTP sets it on the connections that it takes itself. Without, an answer in two writes can take 40 ms more.
  const server =
    tls === undefined
      ? createServer({ noDelay: true }, (socket) => sniff(socket, hand))
      : createTlsServer(offered, (socket) => hand(socket, socket.alpnProtocol === "h2"));
  return server.once("close", () => grpc.close());
}

function sniff(socket: Socket, hand: (socket: Socket, isHttp2: boolean) => void): void {
  socket.on("error", () => socket.destroy());
  socket.once("data", (first: Buffer) => {
    socket.pause();
    socket.unshift(first);
    hand(socket, first.toString("latin1", 0, PREFACE.length) === PREFACE);
    process.nextTick(() => socket.resume());
  });
}
