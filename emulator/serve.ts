import { rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Emulator } from "./api";
import { startEmulator } from "./emulator";

/** What the command needs of its process. */
export interface EmulatorCommandIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** Ends the run, as SIGINT does. */
  readonly signal?: AbortSignal;
}

const HELP = `Usage: yciam emulator [--port N] [--key-file PATH]

Runs an emulator of Yandex Cloud IAM at 127.0.0.1 and prints the variables that point programs to it.

  --port N          listen on this port (default: a free one)
  --key-file PATH   write the key of a service account, which only this emulator knows, to a new file;
                    it is removed at the end
  --help            show this text

Stop it with Ctrl-C.
`;

/**
 * The command `yciam emulator`: runs until SIGINT, SIGTERM or the signal of `io`.
 *
 * Resolves to the exit code: 0 after it was stopped, 1 when it could not start, 2 for arguments it does not know.
 */
export async function runEmulatorCommand(argv: readonly string[], io: EmulatorCommandIo): Promise<number> {
  try {
    const { port, keyFile, help } = readArguments(argv);
    if (!help) return await serve(port, keyFile, io);
    io.stdout.write(HELP);
    return 0;
  } catch (error) {
    io.stderr.write(`yciam emulator: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof TypeError ? 2 : 1;
  }
}

/** Throws a TypeError, as parseArgs does, for anything it does not understand. */
function readArguments(argv: readonly string[]): {
  port: number;
  keyFile: string | undefined;
  help: boolean;
} {
  const options = {
    port: { type: "string" },
    "key-file": { type: "string" },
    help: { type: "boolean" },
  } as const;
  const { values } = parseArgs({ args: [...argv], options });
  const port = Number(values.port ?? 0);
  if (values.port === "" || !Number.isInteger(port) || port < 0 || port > 65535) {
    throw new TypeError(`--port must be a number from 0 to 65535, not "${values.port}"`);
  }
  const keyFile = values["key-file"];
  if (keyFile === "") throw new TypeError("--key-file needs a path");
  return { port, keyFile: keyFile && resolve(keyFile), help: values.help ?? false };
}

async function serve(port: number, keyFile: string | undefined, io: EmulatorCommandIo): Promise<number> {
  const stop = watchForStop(io.signal);
  try {
    const emulator = await startEmulator({ port });
    try {
      await announce(emulator, keyFile, io, stop.requested);
    } finally {
      await emulator.close();
    }
  } finally {
    stop.dispose();
  }
  return 0;
}

/** Writes the key, prints the variables and waits; the key, which then opens nothing, is removed at the end. */
async function announce(
  emulator: Emulator,
  keyFile: string | undefined,
  io: EmulatorCommandIo,
  stopRequested: Promise<void>,
): Promise<void> {
  if (keyFile !== undefined) await writeKey(emulator, keyFile);
  try {
    io.stdout.write(shellExports(emulator, keyFile));
    io.stderr.write("The emulator runs until Ctrl-C.\n");
    await stopRequested;
  } finally {
    if (keyFile !== undefined) await rm(keyFile, { force: true });
  }
}

/** Never overwrites: the path might hold the user's real key. */
async function writeKey(emulator: Emulator, path: string): Promise<void> {
  const key = await emulator.createKey();
  try {
    await writeFile(path, `${JSON.stringify(key, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "EEXIST" ? "a file of this name exists: remove it or name another" : String(code);
    throw new Error(`cannot write the key to ${path}: ${reason}`);
  }
}

function shellExports(emulator: Emulator, keyFile: string | undefined): string {
  const variables = {
    YC_ENDPOINT: emulator.url,
    YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
    YCIAM_AUTH_ENDPOINT: emulator.authEndpoint,
    YC_METADATA_ADDR: emulator.metadataAddress,
    ...(keyFile !== undefined && { YC_SERVICE_ACCOUNT_KEY_FILE: keyFile }),
  };
  const quote = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join("");
}

function watchForStop(signal: AbortSignal | undefined): { requested: Promise<void>; dispose(): void } {
  let stop = (): void => undefined;
  const requested = new Promise<void>((resolve) => (stop = resolve));
  process.on("SIGINT", stop).on("SIGTERM", stop);
  signal?.addEventListener("abort", stop);
  if (signal?.aborted === true) stop();
  const dispose = (): void => {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    signal?.removeEventListener("abort", stop);
  };
  return { requested, dispose };
}
