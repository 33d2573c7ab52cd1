import type { Log } from "../core/context";
import { GrpcSender } from "../grpc/client";
import { EngineDefinition, LogRequest, LogSeverity } from "./generated/pulumi/engine";

/** How long the engine may take to accept a line, in milliseconds. */
const LINE_TIMEOUT_MS = 1000;

const LOG = `/${EngineDefinition.fullName}/${EngineDefinition.methods.log.name}`;

/** Writes to the engine's log. The update's diagnostics show warnings, and `--debug` shows the rest. */
export class EngineLog implements Log {
  #engine: GrpcSender | undefined;
  readonly #pending = new Set<Promise<void>>();

  /** Sends what is logged from now on to the engine at this `host:port`. */
  attach(address: string): void {
    this.#engine?.close();
    this.#engine = new GrpcSender(address);
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
    if (this.#engine === undefined) return;
    const request = LogRequest.encode({ severity, message: `yciam: ${message}` }).finish();
    const line = this.#engine.send(LOG, request, LINE_TIMEOUT_MS);
    this.#pending.add(line);
    void line.then(() => this.#pending.delete(line));
  }
}
