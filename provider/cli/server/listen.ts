import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, isIPv6, type Socket } from "node:net";
import { type Answer, type Answering, text } from "../../handout/answer";

/** Where to listen, and to whom. */
export interface Place {
  /** An address of this machine. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Whether one at the other end of a connection gets answers; each connection is looked at once. */
  readonly isAllowed?: (socket: Socket) => Promise<boolean>;
}

/** A server that listens. */
export interface Listening {
  /** `host:port`, with brackets around an IPv6 address. */
  readonly address: string;
  /** Ends it, and every connection. */
  readonly close: () => void;
}

const OTHER_USER = text(403, "This server answers the user who started it, and no other.");

/**
 * Starts a server.
 * @throws the system's error when the place cannot be had
 */
export async function listen(answering: Answering, { host, port, isAllowed }: Place): Promise<Listening> {
  const allowed = new WeakMap<Socket, Promise<boolean>>();
  const isOpenTo = (socket: Socket): Promise<boolean> => {
    const known = allowed.get(socket) ?? isAllowed?.(socket) ?? Promise.resolve(true);
    allowed.set(socket, known);
    return known;
  };
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const { method = "", url = "", headers, socket } = request;
    if (!(await isOpenTo(socket))) return OTHER_USER;
    return answering({ method, path: url.replace(/\?.*$/s, ""), headers });
  };
  const server = createServer((request, response) => {
    // Whoever hangs up misses the answer.
    request.on("error", () => undefined);
    void answer(request).then((made) => send(response, made));
  });
  server.listen(port, host);
  await once(server, "listening");
  const { port: given } = server.address() as AddressInfo;
  return {
    address: `${isIPv6(host) ? `[${host}]` : host}:${given}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.on("error", () => undefined);
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}
