import type { Command } from "commander";
import { once } from "node:events";
import { OptionError } from "../core/words/errors";
import { createDesk } from "../handout/desk";
import { healthServer, metadataServer } from "../handout/metadata-server";
import { type Parts, type Run, runOnApp } from "./command";
import { describeFailure } from "./describe-failure";
import { EXIT } from "./io";
import { isLoopback, listenAt, nearAddress, readPlace } from "./server/place";
import { canTellUsers, isOwnPeer } from "./server/peers";

/** The command `serve`. */
export function define(command: Command, parts: Parts): void {
  command
    .option("--listen <host:port>", "where; port 0 is a free one", "127.0.0.1:0")
    .option("--any-user", "give a token to whoever can connect, and not only to the user who runs this")
    .option("--health <host:port>", "serve /healthz and /readyz, and no token, at another address too")
    .addHelpText("after", EXAMPLES);
  runOnApp(command, parts, serve);
}

const EXAMPLES = `
Prints the variables that point programs to it, and runs until Ctrl-C or SIGTERM. /healthz says that it runs, /readyz
whether a token can be had (200, else 503).

Examples:
  yciam serve                                                  for programs of this user
  yciam serve --listen 127.0.0.1:8080 --any-user --health 0.0.0.0:8081    beside another container of a pod

Exit codes: 0 stopped, 1 failed, 64 wrong usage.`;

async function serve({ app, values, io }: Run): Promise<number> {
  const place = readPlace(values.listen as string, "listen");
  const health = values.health === undefined ? undefined : readPlace(values.health as string, "health");
  const isForAll = values.anyUser === true;
  if (!isForAll) await assertOthersAreKeptOut(place.host);
  const desk = createDesk(app, () => undefined);
  const metadata = metadataServer({ desk, describe: describeFailure });
  const servers = [await listenAt(metadata, isForAll ? place : { ...place, isAllowed: isOwnPeer }, "listen")];
  try {
    if (health !== undefined) servers.push(await listenAt(healthServer(desk), health, "health"));
    if (isForAll) io.stderr.write(`yciam: warning: ${whoGets(place.host)} gets a token.\n`);
    io.stdout.write(`export YC_METADATA_ADDR='${nearAddress(servers[0]?.address ?? "")}'\n`);
    if (!io.signal.aborted) await once(io.signal, "abort");
    return EXIT.ok;
  } finally {
    servers.forEach((server) => server.close());
  }
}

function whoGets(host: string): string {
  return isLoopback(host)
    ? "every user of this machine, and every container that shares its network,"
    : `whoever can reach ${host} over a network`;
}

async function assertOthersAreKeptOut(host: string): Promise<void> {
  if (!isLoopback(host)) {
    throw new OptionError(
      "--listen names an address that others can reach over a network, and all of them would get a token. Add --any-user if you mean that, or listen at 127.0.0.1.",
      "listen",
    );
  }
  if (await canTellUsers()) return;
  throw new OptionError(
    "other users of this machine cannot be kept out here: that takes Linux and its /proc/net/tcp. Add --any-user to give every user of it a token.",
    "anyUser",
  );
}
