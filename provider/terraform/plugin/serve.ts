import { writeSync } from "node:fs";
import { describeDefect } from "../../core/words/defect";
import { once } from "../../grpc/once";
import { createGrpcServer, type GrpcServer } from "../../grpc/server";
import { type Method, type Routes } from "../../grpc/service";
import { Code, StatusError } from "../../grpc/status";
import { type Env, handshakeLine, refusal, versionMismatch } from "./handshake";
import { leave, PATIENCE, type Patience, watchHost } from "./lifetime";
import { listen, type Listening } from "./listener";
import { type Logger, toStderr } from "./log";
import { mutualTls } from "./mutual-tls";
import { reattachConfig, reattachHelp } from "./reattach";

/** A plugin to serve. */
export interface PluginOptions {
  /** Name of the executable, for messages. */
  readonly program: string;
  /** Full addresses it answers to, for debug mode. */
  readonly providers: readonly string[];
  /** Makes the provider's methods, by path. It is asked once, as soon as the host connects. */
  readonly methods: () => ReadonlyMap<string, Method>;
  /** Loads a part of what the methods need. */
  readonly preload?: () => void;
  readonly log: Logger;
  /** Serve though no host started this, and print how to attach to this process. */
  readonly debug?: boolean;
  readonly env?: Env;
  readonly platform?: NodeJS.Platform;
  readonly patience?: Patience;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const SHUTDOWN = "/plugin.GRPCController/Shutdown";

/**
 * Streams that a host opens at its start. They are kept open, since grpc-go drops a connection without a call for 30
 * minutes, and that would look as if the host had died. Nothing is ever sent on them: the host reads stderr itself.
 */
const HELD = new Set(["/plugin.GRPCStdio/StreamStdio"]);

/**
 * Serves a plugin until its host ends it or is gone; the process then exits. Resolves once it listens, or once it
 * has refused to (exit code 1, reason on stderr).
 */
export async function servePlugin(options: PluginOptions): Promise<void> {
  const {
    program,
    log,
    debug = false,
    env = process.env,
    platform = process.platform,
    now = Date.now,
  } = options;
  const reason = debug ? undefined : refusal(env, program);
  if (reason) return giveUp(reason);
  const mismatch = debug ? undefined : versionMismatch(env, program);
  if (mismatch) log.error(mismatch);

  try {
    const tls = debug ? undefined : mutualTls(env, now());
    const methods = once(options.methods);
    const grpc = createGrpcServer({ routes: routesFor(methods, log), log, tls: tls?.options });
    const listening = await listen(grpc.server, env, platform);
    guardProcess(grpc, listening, log);
    endOnSignals(log, debug);
    if (!debug) watchHost(grpc.server, options.patience ?? PATIENCE, () => leave(log, "the host is gone", 0));
    // As a file: to make the stream `process.stdout` takes a millisecond of each start.
    writeSync(
      1,
      debug
        ? reattachHelp(reattachConfig(listening, options.providers, process.pid))
        : handshakeLine(env, listening, tls?.certificate),
    );
    // All is loaded while the host is busy: a part until it connects, the rest while it checks our certificate.
    if (options.preload) setImmediate(options.preload);
    grpc.server.once("connection", () => setTimeout(methods, 1));
  } catch (error) {
    giveUp(`${program} cannot start: ${error instanceof Error ? error.message : String(error)}`);
    // It may be listening already, which would keep it alive.
    process.exit();
  }
}

/** A host kills a plugin that is still there two seconds after the answer to Shutdown. */
function routesFor(methods: PluginOptions["methods"], log: Logger): Routes {
  const shutdown: Method = async (_request, call) => {
    call.onAnswered(() => leave(log, "shutdown", 0));
    return new Uint8Array();
  };
  const get = (path: string) => (path === SHUTDOWN ? shutdown : methods().get(path));
  return { unary: { get }, held: HELD };
}

function endOnSignals(log: Logger, debug: boolean): void {
  // Ctrl-C and a closed terminal reach host and plugin alike, and a host may outlive both. The plugin waits for what the
  // host says then, by StopProvider and Shutdown, or until the host is gone.
  for (const signal of ["SIGINT", "SIGHUP"])
    process.on(signal, () => (debug ? leave(log, signal, 0) : undefined));
  process.on("SIGTERM", () => leave(log, "SIGTERM", 143));
}

/** Keeps one failed call from taking the process, and all other calls, with it. */
function guardProcess(grpc: GrpcServer, listening: Listening, log: Logger): void {
  process.on("exit", () => listening.cleanUp());
  process.on("uncaughtException", (error: unknown) => {
    log.error("an error outside of any call", { error: describeDefect(error) });
    grpc.abortCalls(
      new StatusError(Code.INTERNAL, "the plugin met an error outside of this call; see its log"),
    );
  });
}

function giveUp(reason: string): void {
  toStderr(`${reason}\n`);
  process.exitCode = 1;
}
