import { type ClientHttp2Session, connect } from "node:http2";
import { frame } from "./framing";

/** Sends messages to one server on this machine, over plain HTTP/2, and hears no answer but that they were taken. */
export class GrpcSender {
  readonly #address: string;
  #session: ClientHttp2Session | undefined;

  /** @param address `host:port`; connected to when the first message is sent */
  constructor(address: string) {
    this.#address = address;
  }

  /** Calls a unary method. Resolves when the call is over, well or not, and after `timeoutMs` at the latest. */
  async send(path: string, message: Uint8Array, timeoutMs: number): Promise<void> {
    try {
      await this.#call(path, message, timeoutMs);
    } catch {
      // An address that is none, or a connection that was closed a moment ago.
    }
  }

  /** Drops the connection; what is under way is lost. */
  close(): void {
    this.#session?.destroy();
  }

  #call(path: string, message: Uint8Array, timeoutMs: number): Promise<void> {
    return new Promise((done) => {
      const stream = this.#connected().request({
        ":method": "POST",
        ":path": path,
        "content-type": "application/grpc",
        te: "trailers",
        "grpc-timeout": `${timeoutMs}m`,
      });
      const timer = setTimeout(() => stream.destroy(), timeoutMs);
      stream.once("close", () => {
        clearTimeout(timer);
        done();
      });
      // "close" follows.
      stream.on("error", () => undefined);
      stream.resume().end(frame(message));
    });
  }

  #connected(): ClientHttp2Session {
    if (this.#session !== undefined && !this.#session.closed && !this.#session.destroyed)
      return this.#session;
    const session = connect(`http://${this.#address}`);
    // Each stream tells of it, too.
    session.on("error", () => undefined);
    return (this.#session = session);
  }
}
