import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, isIPv6, type Socket } from "node:net";

/** A real HTTP proxy on a loopback port, for CONNECT alone. */
export interface ConnectProxy {
  /** `host:port`, with brackets around an IPv6 address. */
  readonly address: string;
  /** What was asked of it: `host:port` of each CONNECT, and the URL of any plain request. */
  readonly asked: readonly string[];
  /** Every byte that passed from clients through it, decoded as latin1. */
  readonly seen: () => string;
  /** How many connections are open to it, and from it. */
  readonly openSockets: () => number;
  close(): Promise<void>;
}

/** How the proxy behaves. */
export interface ProxyOptions {
  /** `user:password` that it wants; anything else is answered with 407. */
  readonly credentials?: string;
  /** Status of every CONNECT, in place of a tunnel; `silent` never answers. */
  readonly refuse?: number | "silent";
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** A certificate and its key, in PEM: then it speaks TLS itself. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** Starts one. */
export async function startConnectProxy({
  credentials,
  refuse,
  host = "127.0.0.1",
  tls,
}: ProxyOptions = {}): Promise<ConnectProxy> {
  const asked: string[] = [];
  const chunks: Buffer[] = [];
  const sockets = new Set<Socket>();
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString("base64")}`;
  const answer: RequestListener = (request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(502).end();
  };
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("connect", (request, client: Socket, head: Buffer) => {
    client.on("error", () => undefined);
    asked.push(request.url ?? "");
    if (refuse === "silent") return void client.resume().once("end", () => client.destroy());
    const isWelcome = wanted === undefined || request.headers["proxy-authorization"] === wanted;
    const status = isWelcome ? (refuse ?? 200) : 407;
    client.write(`HTTP/1.1 ${status} Answer\r\n\r\n`);
    if (status !== 200) return void client.end();
    const [, host = "", port = ""] = /^\[?(.*?)\]?:(\d+)$/.exec(request.url ?? "") ?? [];
    const target = connect(Number(port), host);
    sockets.add(target);
    target.once("close", () => sockets.delete(target));
    // Under Bun a pipe does not end one side with the other when that was cut.
    target.on("error", () => undefined).once("close", () => client.destroy());
    client.once("close", () => target.destroy());
    client.on("data", (chunk: Buffer) => chunks.push(chunk));
    target.write(head);
    client.pipe(target).pipe(client);
  });
  server.listen(0, host);
  await once(server, "listening");
  return {
    address: `${isIPv6(host) ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    asked,
    openSockets: () => sockets.size,
    seen: () => Buffer.concat(chunks).toString("latin1"),
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, "close");
    },
  };
}
