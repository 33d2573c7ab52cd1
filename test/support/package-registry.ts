import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import type { Emulator } from "../../emulator";
import { createCertificate } from "../../provider/terraform/plugin/certificate";

/** Files by path. */
export type Files = Readonly<Record<string, string | Buffer>>;

/** A registry of packages. */
export interface PackageRegistry {
  /** `localhost:PORT` */
  readonly host: string;
  /** PEM: who trusts it can ask. */
  readonly certificate: string;
  /** How often each status was answered. */
  readonly statuses: Map<number, number>;
  close(): Promise<void>;
}

/** Starts a registry with TLS. It opens to a living token of the emulator: the password of `iam`, or as a bearer. */
export async function startPackageRegistry(emulator: Emulator, files: Files): Promise<PackageRegistry> {
  const { pem: certificate, privateKey: key } = createCertificate(Date.now());
  const statuses = new Map<number, number>();
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const file = files[decodeURIComponent(request.url ?? "")];
    const status = !isOpenTo(request, emulator) ? 401 : file === undefined ? 404 : 200;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const challenge = status === 401 ? { "www-authenticate": "Basic" } : {};
    response.writeHead(status, challenge).end(status === 200 ? file : "");
  });
  await once(server.listen(0, "localhost"), "listening");
  const close = async () => {
    server.closeAllConnections();
    await once(server.close(), "close");
  };
  return { host: `localhost:${(server.address() as AddressInfo).port}`, certificate, statuses, close };
}

function isOpenTo({ headers }: IncomingMessage, emulator: Emulator): boolean {
  const [scheme = "", credential = ""] = (headers.authorization ?? "").split(" ");
  const given = scheme === "Basic" ? Buffer.from(credential, "base64").toString() : `iam:${credential}`;
  return emulator.issuedTokens.some(({ token, revoked }) => !revoked && given === `iam:${token}`);
}

/** What a module proxy of Go has of one version. Source: go.dev/ref/mod, GOPROXY protocol. */
export async function goModule(root: string, path: string, version: string): Promise<Files> {
  const mod = `module ${path}\n\ngo 1.24\n`;
  const at = `${root}/${path}/@v/${version}`;
  const zip = await zipOf({ [`${path}@${version}/go.mod`]: mod });
  return { [`${at}.info`]: JSON.stringify({ Version: version }), [`${at}.mod`]: mod, [`${at}.zip`]: zip };
}

/** A zip file of these. */
export async function zipOf(files: Files): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return buffer(zip.outputStream);
}
