import { once } from "node:events";
import { promises as fs } from "node:fs";
import { connect, createServer, isIPv4, type Socket } from "node:net";
import { endianness } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

// Loopback is open to every user of a machine. Who is at the other end of a connection, Linux tells in /proc/net/tcp: the
// line of the other end's own socket has the id of the user who made it. macOS tells it by `lsof`, which takes long, and
// Windows by a call that Node does not have: neither could be tried, and there a server of tokens is not offered.

const TABLES = ["/proc/self/net/tcp", "/proc/self/net/tcp6"];

/** A line may be left out of a table that changes while it is read. */
const READS = 3;

/** The state of a connection that both sides hold. One that was closed has no owner any more: its line says user 0. */
const ESTABLISHED = "01";

/** Whether the other end of a connection on this machine belongs to the user who runs this process. */
export async function isOwnPeer({
  remoteAddress,
  remotePort,
  localAddress,
  localPort,
}: Socket): Promise<boolean> {
  if (remoteAddress === undefined || localAddress === undefined) return false;
  const theirs = `${bytesOf(remoteAddress)}:${remotePort}`;
  const ours = `${bytesOf(localAddress)}:${localPort}`;
  for (let read = 1; read <= READS; read += 1) {
    const user = (await Promise.all(TABLES.map((table) => ownerIn(table, theirs, ours)))).find(
      (found) => found !== undefined,
    );
    if (user !== undefined) return user === process.geteuid?.();
    await delay(read);
  }
  return false;
}

/** The user whose connection from one end to the other is in a table. */
async function ownerIn(table: string, from: string, to: string): Promise<number | undefined> {
  // There is no second table where IPv6 is switched off.
  const lines = await fs.readFile(table, "utf8").catch(() => "");
  for (const line of lines.split("\n").slice(1)) {
    const [, local = "", remote = "", state, , , , user] = line.trim().split(/ +/);
    if (state === ESTABLISHED && endOf(local) === from && endOf(remote) === to) return Number(user);
  }
  return undefined;
}

/** An end as a table has it, `0100007F:1F90`, with the bytes of its address in order. */
function endOf(text: string): string {
  const [address = "", port = ""] = text.split(":");
  const words = address.match(/.{8}/g) ?? [];
  const bytes = words.map((word) => (endianness() === "LE" ? reversed(word) : word)).join("");
  return `${bytes.length === 8 ? MAPPED + bytes : bytes}:${parseInt(port, 16)}`;
}

function reversed(word: string): string {
  return (word.match(/../g) ?? []).reverse().join("");
}

/** How the 16 bytes of an address begin that is one of IPv4. */
const MAPPED = "00000000000000000000FFFF";

/** The 16 bytes of an address in hex. */
function bytesOf(address: string): string {
  if (isIPv4(address))
    return (
      MAPPED +
      address
        .split(".")
        .map((part) => hex(Number(part), 2))
        .join("")
    );
  // A URL has one way to write an address, in words alone.
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, "")}]`);
  const [before = [], after = []] = hostname
    .slice(1, -1)
    .split("::")
    .map((half) => half.split(":").filter((word) => word !== ""));
  const zeros = Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].map((word) => hex(parseInt(word, 16), 4)).join("");
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, "0");
}

/**
 * Whether users can be told apart here. That is tried on a connection to ourselves: some sandboxes have no such table.
 */
export async function canTellUsers(): Promise<boolean> {
  if (process.platform !== "linux" || (await isNobody())) return false;
  const server = createServer();
  let client: Socket | undefined;
  try {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    client = connect(port, "127.0.0.1");
    // Where loopback is down, nothing can be tried.
    const failed = once(client, "close").then(() => Promise.reject(new Error("no connection")));
    const [socket] = (await Promise.race([once(server, "connection"), failed])) as [Socket];
    return await Promise.race([isOwnPeer(socket), failed]);
  } catch {
    return false;
  } finally {
    client?.destroy();
    server.close();
  }
}

/** Whether we are, in a user namespace, the one whose id stands there for every user who is not of it. */
async function isNobody(): Promise<boolean> {
  const [overflow, map] = await Promise.all(
    ["/proc/sys/kernel/overflowuid", "/proc/self/uid_map"].map((path) =>
      fs.readFile(path, "utf8").catch(() => ""),
    ),
  );
  const isWhole = /^\s*0\s+0\s+4294967295\s*$/.test(map ?? "");
  return !isWhole && Number(overflow) === process.geteuid?.();
}
