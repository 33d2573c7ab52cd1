import { ChannelCredentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { Log } from "../core/context";

/** How long the engine may take to accept a line, in milliseconds. */
const LINE_TIMEOUT_MS = 1000;

/** Writes to the engine's log. The update's diagnostics show warnings, and `--debug` shows the rest. */
export class EngineLog implements Log {
  #client: EngineClient | undefined;
  readonly #pending = new Set<Promise<void>>();

  /** Sends what is logged from now on to the engine at this `host:port`. */
  attach(address: string): void {
    this.#client?.close();
    this.#client = new EngineClient(address, ChannelCredentials.createInsecure());
  }

  debug(message: string, fields?: Readonly<Record<string, string | number | boolean>>): void {
    this.#send(LogSeverity.DEBUG, `${message}${fields === undefined ? "" : ` ${JSON.stringify(fields)}`}`);
  }

  warn(message: string): void {
    this.#send(LogSeverity.WARNING, message);
  }

  /** Waits for the lines on their way; never rejects. */
  async flush(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #send(severity: LogSeverity, message: string): void {
    const client = this.#client;
    if (client === undefined) return;
    const request = new LogRequest().setSeverity(severity).setMessage(`yciam: ${message}`);
    const line = new Promise<void>((done) => {
      client.log(request, { deadline: Date.now() + LINE_TIMEOUT_MS } as never, () => done());
    });
    this.#pending.add(line);
    void line.then(() => this.#pending.delete(line));
  }
}
