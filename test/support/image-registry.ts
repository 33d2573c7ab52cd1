import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Emulator } from "../../emulator";
import { REALM_ISSUER } from "../../emulator/registry-realm";

/** A real registry of images, in memory, at 127.0.0.1 and without TLS. */
export interface ImageRegistry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** All that it has logged. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts distribution's registry, which takes the tokens of the emulator's realm alone.
 * @param program its path
 * @param folder for its settings
 */
export async function startImageRegistry(
  emulator: Emulator,
  program: string,
  folder: string,
): Promise<ImageRegistry> {
  const jwks = join(folder, "jwks.json");
  const settings = join(folder, "registry.yml");
  writeFileSync(jwks, await (await fetch(`${emulator.url}/registry/keys`)).text());
  // crane gives nothing to a realm that is named by a loopback address.
  const realm = `${emulator.url.replace("127.0.0.1", "localhost")}/registry/token`;
  const token = { realm, service: "images", issuer: REALM_ISSUER, jwks };
  const storage = { inmemory: {} };
  writeFileSync(
    settings,
    JSON.stringify({ version: 0.1, storage, http: { addr: "127.0.0.1:0" }, auth: { token } }),
  );
  const env = { HOME: folder, OTEL_TRACES_EXPORTER: "none" };
  const child = spawn(program, ["serve", settings], { env, stdio: ["ignore", "pipe", "pipe"] });
  const log: string[] = [];
  const host = await new Promise<string>((resolve, reject) => {
    const read = (line: string) => {
      log.push(line);
      const [, address] = /listening on (127\.0\.0\.1:\d+)/.exec(line) ?? [];
      if (address !== undefined) resolve(address);
    };
    for (const stream of [child.stdout, child.stderr]) createInterface(stream).on("line", read);
    child.once("exit", () => reject(new Error(`the registry ended:\n${log.join("\n")}`)));
    child.once("error", reject);
  });
  return { host, log, close: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
