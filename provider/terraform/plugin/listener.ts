import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address, type Env } from "./handshake";

/** Where a server listens, and how to remove what it left on disk. */
export interface Listening extends Address {
  /** Removes the socket's folder. Safe to call twice, and from a signal handler. */
  cleanUp(): void;
}

/** Longest path of a Unix socket: 104 bytes with the final NUL on macOS, 108 on Linux. */
const MAX_SOCKET_PATH = 103;

/**
 * Listens where only this user's processes can reach: a Unix socket, or loopback TCP on Windows.
 *
 * @throws when no socket can be made, or every port of the host's range is taken
 */
export function listen(server: Server, env: Env, platform: NodeJS.Platform): Promise<Listening> {
  return platform === "win32" ? listenTcp(server, env) : listenUnix(server, env);
}

async function listenUnix(server: Server, env: Env): Promise<Listening> {
  const folder = socketFolder(env);
  const cleanUp = () => rmSync(folder, { recursive: true, force: true });
  const address = join(folder, "plugin.sock");
  try {
    await bind(server, { path: address });
    // Node follows the umask here; the folder's 0700 is the first lock, this the second.
    chmodSync(address, 0o600);
  } catch (error) {
    cleanUp();
    throw error;
  }
  return { network: "unix", address, cleanUp };
}

/** A new folder for the socket, 0700. It is in /tmp when the path in TMPDIR is too long, cannot be told to the host, or is not there. */
function socketFolder(env: Env): string {
  const prefix = join(env["PLUGIN_UNIX_SOCKET_DIR"] || tmpdir(), "yciam-");
  const fits = Buffer.byteLength(`${prefix}XXXXXX/plugin.sock`) <= MAX_SOCKET_PATH;
  // The bar divides the fields of the handshake.
  return (fits && !prefix.includes("|") && tryMake(prefix)) || mkdtempSync("/tmp/yciam-");
}

function tryMake(prefix: string): string | undefined {
  try {
    return mkdtempSync(prefix);
  } catch {
    return undefined;
  }
}

async function listenTcp(server: Server, env: Env): Promise<Listening> {
  const first = Number(env["PLUGIN_MIN_PORT"] ?? 0);
  const last = Number(env["PLUGIN_MAX_PORT"] ?? first);
  for (let port = first; port <= last; port++) {
    if (await isFree(server, port)) {
      const bound = (server.address() as AddressInfo).port;
      return { network: "tcp", address: `127.0.0.1:${bound}`, cleanUp: () => undefined };
    }
  }
  throw new Error(
    `no free port between ${first} and ${last} (PLUGIN_MIN_PORT, PLUGIN_MAX_PORT) on 127.0.0.1`,
  );
}

async function isFree(server: Server, port: number): Promise<boolean> {
  try {
    await bind(server, { port, host: "127.0.0.1" });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Windows answers EACCES for ports it keeps for itself.
    if (code === "EADDRINUSE" || code === "EACCES") return false;
    throw error;
  }
}

function bind(server: Server, where: { path: string } | { port: number; host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
