import { request as httpRequest, type ClientRequestArgs } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { isIP, isIPv6 } from "node:net";
import type { Duplex } from "node:stream";

/** The code of a proxy that answered with 5xx: it may work a moment later. */
export const PROXY_FAILED = "EPROXYFAILED";

/** A proxy could not be used. Nothing of its address is in here, since that may hold a password. */
export class ProxyError extends Error {
  /**
   * @param code Node's own where the proxy was not reached, `EPROXYREFUSED` or {@link PROXY_FAILED} where it answered
   * @param status the HTTP status of its answer
   */
  constructor(
    readonly code: string,
    readonly status?: number,
  ) {
    super("the proxy would not connect");
  }
}

/** The way to a proxy. */
export interface TunnelParts {
  /** With scheme http or https; user and password are sent to the proxy alone. */
  readonly proxy: URL;
  /** What to trust where the proxy itself speaks TLS; default what Node trusts. */
  readonly ca?: readonly string[];
  /** Ends the wait for the proxy. */
  readonly signal: AbortSignal;
  /** Milliseconds that the proxy may take to connect. */
  readonly timeoutMs: number;
}

/** An agent for https requests through a proxy: the proxy connects (CONNECT), and TLS with the real server goes through it. */
export class Tunnel extends Agent {
  readonly #parts: TunnelParts;

  constructor(parts: TunnelParts) {
    super({ keepAlive: false });
    this.#parts = parts;
  }

  override createConnection(options: ClientRequestArgs, callback?: Callback): undefined {
    const secure = (socket: Duplex) => super.createConnection({ ...options, socket } as ClientRequestArgs);
    openTunnel(targetOf(options), this.#parts)
      .then(secure)
      .then(
        (socket) => callback?.(null, socket as Duplex),
        (error: Error) => callback?.(error, undefined as never),
      );
  }
}

type Callback = (error: Error | null, stream: Duplex) => void;

function targetOf({ host, port }: ClientRequestArgs): string {
  return `${isIPv6(host ?? "") ? `[${host}]` : host}:${port}`;
}

function openTunnel(target: string, { proxy, ca, signal, timeoutMs }: TunnelParts): Promise<Duplex> {
  const late = AbortSignal.timeout(timeoutMs);
  const host = proxy.hostname.replace(/^\[(.*)\]$/, "$1");
  // Without a name, Node checks the certificate for the one in the header Host, which is the target's.
  const tls = { servername: isIP(host) ? "" : host, rejectUnauthorized: true, ...(ca && { ca: [...ca] }) };
  const options = {
    method: "CONNECT",
    host,
    port: proxy.port,
    path: target,
    agent: false,
    headers: { host: target, ...authorization(proxy) },
    signal: AbortSignal.any([signal, late]),
    ...tls,
  };
  return new Promise((done, fail) => {
    const request = proxy.protocol === "https:" ? httpsRequest(options) : httpRequest(options);
    request.on("connect", ({ statusCode = 0 }, socket: Duplex) => {
      if (statusCode === 200) return done(socket);
      socket.destroy();
      fail(new ProxyError(statusCode >= 500 ? PROXY_FAILED : "EPROXYREFUSED", statusCode));
    });
    request.on("error", ({ code = "unknown error" }: NodeJS.ErrnoException) => {
      fail(new ProxyError(late.aborted ? "ETIMEDOUT" : code));
    });
    request.end();
  });
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { "proxy-authorization": `Basic ${credentials.toString("base64")}` };
}
