import { rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Emulator } from "./api";
import { startEmulator } from "./emulator";
import { createCertificate } from "../provider/tls/certificate";

/** What the command needs of its process. */
export interface EmulatorCommandIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** Ends the run, as SIGINT does. */
  readonly signal?: AbortSignal;
}

const HELP = `Usage: yciam emulator [--port N] [--key-file PATH] [--ca-file PATH]

Runs an emulator of Yandex Cloud IAM at 127.0.0.1, which speaks REST and gRPC at one address, and prints the variables
that point programs to it.

  --port N          listen on this port (default: a free one)
  --key-file PATH   write the key of a service account, which only this emulator knows, to a new file;
                    it is removed at the end
  --ca-file PATH    speak TLS, as Yandex's own SDKs want it, and write what its certificate is to be trusted by to a
                    new file, which is removed at the end. The variables then make programs of Go, Python and Node
                    trust it, and grpc_proxy leads the Node SDK, which takes no address, to it
  --help            show this text

Stop it with Ctrl-C.
`;

/** What the certificate is for: this machine, and IAM's own names for clients that the proxy leads here. */
const HOSTS = ["localhost", "127.0.0.1", "api.cloud.yandex.net", "*.api.cloud.yandex.net"];

/** What the arguments ask for. */
interface Wanted {
  readonly port: number;
  readonly keyFile: string | undefined;
  readonly caFile: string | undefined;
}

/**
 * The command `yciam emulator`: runs until SIGINT, SIGTERM or the signal of `io`.
 *
 * Resolves to the exit code: 0 after it was stopped, 1 when it could not start, 2 for arguments it does not know.
 */
export async function runEmulatorCommand(argv: readonly string[], io: EmulatorCommandIo): Promise<number> {
  try {
    const { help, ...wanted } = readArguments(argv);
    if (!help) return await serve(wanted, io);
    io.stdout.write(HELP);
    return 0;
  } catch (error) {
    io.stderr.write(`yciam emulator: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof TypeError ? 2 : 1;
  }
}

/** Throws a TypeError, as parseArgs does, for anything it does not understand. */
function readArguments(argv: readonly string[]): Wanted & { readonly help: boolean } {
  const options = {
    port: { type: "string" },
    "key-file": { type: "string" },
    "ca-file": { type: "string" },
    help: { type: "boolean" },
  } as const;
  const { values } = parseArgs({ args: [...argv], options });
  const port = Number(values.port ?? 0);
  if (values.port === "" || !Number.isInteger(port) || port < 0 || port > 65535) {
    throw new TypeError(`--port must be a number from 0 to 65535, not "${values.port}"`);
  }
  const pathOf = (name: "key-file" | "ca-file"): string | undefined => {
    if (values[name] === "") throw new TypeError(`--${name} needs a path`);
    return values[name] && resolve(values[name]);
  };
  return { port, keyFile: pathOf("key-file"), caFile: pathOf("ca-file"), help: values.help ?? false };
}

async function serve(wanted: Wanted, io: EmulatorCommandIo): Promise<number> {
  const stop = watchForStop(io.signal);
  const { pem, privateKey } = createCertificate(Date.now(), HOSTS);
  const tls = wanted.caFile === undefined ? undefined : { key: privateKey, cert: pem };
  try {
    const emulator = await startEmulator({ port: wanted.port, grpc: true, ...(tls && { tls }) });
    try {
      await announce(emulator, wanted, pem, io, stop.requested);
    } finally {
      await emulator.close();
    }
  } finally {
    stop.dispose();
  }
  return 0;
}

/** Writes the files, prints the variables and waits; the files, which are then of no use, are removed at the end. */
async function announce(
  emulator: Emulator,
  wanted: Wanted,
  pem: string,
  io: EmulatorCommandIo,
  stopRequested: Promise<void>,
): Promise<void> {
  const { keyFile, caFile } = wanted;
  const written: string[] = [];
  const write = async (what: string, path: string, text: string): Promise<void> => {
    await writeNew(what, path, text);
    written.push(path);
  };
  try {
    if (keyFile !== undefined)
      await write("key", keyFile, `${JSON.stringify(await emulator.createKey(), null, 2)}\n`);
    if (caFile !== undefined) await write("certificate", caFile, pem);
    io.stdout.write(shellExports(emulator, wanted));
    io.stderr.write("The emulator runs until Ctrl-C.\n");
    await stopRequested;
  } finally {
    await Promise.all(written.map((path) => rm(path, { force: true })));
  }
}

/** Never overwrites: the path might hold the user's real key. */
async function writeNew(what: string, path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "EEXIST" ? "a file of this name exists: remove it or name another" : String(code);
    throw new Error(`cannot write the ${what} to ${path}: ${reason}`);
  }
}

function shellExports(emulator: Emulator, { keyFile, caFile }: Wanted): string {
  const variables = {
    // Real ones have no scheme, and clients put https:// before it.
    YC_ENDPOINT: caFile === undefined ? emulator.url : new URL(emulator.url).host,
    YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
    YCIAM_AUTH_ENDPOINT: emulator.authEndpoint,
    YC_METADATA_ADDR: emulator.metadataAddress,
    ...(keyFile !== undefined && { YC_SERVICE_ACCOUNT_KEY_FILE: keyFile }),
    ...(caFile !== undefined && {
      SSL_CERT_FILE: caFile,
      NODE_EXTRA_CA_CERTS: caFile,
      GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: caFile,
      grpc_proxy: `http://${emulator.metadataAddress}`,
    }),
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
