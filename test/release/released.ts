import { createServer } from "node:https";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import manifest from "../../package.json";
import { createCertificate } from "../../provider/tls/certificate";

const BUILD = join(__dirname, "../../build");

/** The release that is tested: `scripts/release-for-tests.mjs` makes it. */
export const RELEASE = join(BUILD, "release");

/** The public key that it is signed by, armoured. */
export const releaseKey = (): string => readFileSync(join(BUILD, "release-key.asc"), "utf8");

/** The version that is released. */
export const { version } = manifest;

/** Answers a request, or leaves it to the files. */
export type Answer = (path: string, url: string) => object | string | undefined;

/** A small HTTPS server, as a bucket or a registry is one. */
export interface Site {
  /** `https://localhost:PORT`. */
  readonly url: string;
  /** `localhost:PORT`. */
  readonly host: string;
  /** The file that has its certificate's authority is to be made from this. */
  readonly authority: string;
  /** The paths that were asked for. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Serves a folder, and what `answer` knows better. */
export async function serve(folder: string, answer: Answer = () => undefined): Promise<Site> {
  const { pem, privateKey } = createCertificate(Date.now());
  const asked: string[] = [];
  let url = "";
  const server = createServer({ cert: pem, key: privateKey }, (request, response) => {
    const path = decodeURIComponent((request.url ?? "/").replace(/[?#].*/s, ""));
    asked.push(path);
    const own = answer(path, url);
    if (own !== undefined) return send(response, own);
    sendFile(response, join(folder, normalize(path)), request);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  url = `https://${host}`;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url, host, authority: pem, asked, close };
}

function send(response: ServerResponse, body: object | string): void {
  const isText = typeof body === "string";
  response.writeHead(200, { "content-type": isText ? "text/plain" : "application/json" });
  response.end(isText ? body : JSON.stringify(body));
}

function sendFile(response: ServerResponse, file: string, { method }: IncomingMessage): void {
  if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
  const type = file.endsWith(".json") ? "application/json" : "application/octet-stream";
  response.writeHead(200, { "content-type": type, "content-length": statSync(file).size });
  response.end(method === "HEAD" ? undefined : readFileSync(file));
}
