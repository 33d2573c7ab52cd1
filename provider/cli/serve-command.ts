import type { Command } from "commander";
import { once } from "node:events";
import type { Files } from "../core/context";
import { OptionError } from "../core/words/errors";
import { say } from "../core/words/message";
import { Secret, shownPath } from "../core/words/secret";
import { createDesk } from "../handout/desk";
import { answering } from "../handout/answer";
import { healthPaths } from "../handout/metadata-server";
import { type Parts, type Run, runOnApp } from "./command";
import { EXIT } from "./io";
import { serveBeside } from "./server/beside";
import type { Listening } from "./server/listen";
import { isLoopback, listenAt, readPlace } from "./server/place";
import { canTellUsers, isOwnPeer } from "./server/peers";

/** The command `serve`. */
export function define(command: Command, parts: Parts): void {
  command
    .option("--listen <host:port>", "where; port 0 is a free one", "127.0.0.1:0")
    .option("--any-user", "give a token to whoever can connect, and not only to the user who runs this")
    .option(
      "--aws-authorization-file <path>",
      "a file with the word that AWS's clients must send; else one is made up",
    )
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

async function serve({ app, values, io, context }: Run): Promise<number> {
  const place = readPlace(values.listen as string, "listen");
  const health = values.health === undefined ? undefined : readPlace(values.health as string, "health");
  const isForAll = values.anyUser === true;
  if (!isForAll) await assertOthersAreKeptOut(place.host);
  const desk = createDesk(app, () => undefined, context.now);
  const authorization = await readAuthorization(
    values.awsAuthorizationFile as string | undefined,
    context.files,
  );
  const server = await serveBeside(
    desk,
    isForAll ? place : { ...place, isAllowed: isOwnPeer },
    authorization,
  );
  const servers: Pick<Listening, "close">[] = [server];
  try {
    if (health !== undefined)
      servers.push(await listenAt(answering({}, healthPaths(desk)), health, "health"));
    if (isForAll) io.stderr.write(`yciam: warning: ${whoGets(place.host)} gets a token.\n`);
    const exports = Object.entries(server.variables).map(([name, value]) => `export ${name}='${value}'\n`);
    io.stdout.write(exports.join(""));
    if (!io.signal.aborted) await once(io.signal, "abort");
    return EXIT.ok;
  } finally {
    servers.forEach(({ close }) => close());
  }
}

async function readAuthorization(path: string | undefined, files: Files): Promise<Secret | undefined> {
  if (path === undefined) return undefined;
  const text = await files.read(path).catch(({ code = "unknown error" }: NodeJS.ErrnoException) => {
    throw new OptionError(
      say`--aws-authorization-file names ${shownPath(path)}, which cannot be read (${code}).`,
      FILE,
    );
  });
  if (/^[\w+/=.-]{16,}$/.test(text.trim())) return new Secret(text.trim());
  throw new OptionError(
    "--aws-authorization-file must hold one word of 16 letters and digits or more.",
    FILE,
  );
}

const FILE = "awsAuthorizationFile";

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
