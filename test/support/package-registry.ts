import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import type { Emulator } from "../../emulator";
import { createCertificate } from "../../provider/tls/certificate";

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
  /** Takes more files. */
  add(files: Files): void;
  close(): Promise<void>;
}

/** Starts a registry with TLS. It opens to a living token of the emulator: the password of `iam`, or as a bearer. */
export async function startPackageRegistry(emulator: Emulator, first: Files): Promise<PackageRegistry> {
  const files: Record<string, string | Buffer> = { ...first };
  const { pem: certificate, privateKey: key } = createCertificate(Date.now());
  const statuses = new Map<number, number>();
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const file = files[decodeURIComponent(request.url ?? "")];
    const status = !isOpenTo(request, emulator) ? 401 : file === undefined ? 404 : 200;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const type = request.url?.endsWith("/") === true ? "text/html" : "application/octet-stream";
    const challenge = status === 401 ? { "www-authenticate": "Basic" } : {};
    response.writeHead(status, { "content-type": type, ...challenge }).end(status === 200 ? file : "");
  });
  await once(server.listen(0, "localhost"), "listening");
  const close = async () => {
    server.closeAllConnections();
    await once(server.close(), "close");
  };
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  return { host, certificate, statuses, add: (more) => void Object.assign(files, more), close };
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

/**
 * What a registry of npm has of one version. Source: npm, package-metadata.md.
 * @param packed what `npm pack` made
 */
export function npmPackage(
  host: string,
  root: string,
  [name, version]: [string, string],
  packed: Buffer,
): Files {
  const path = `${root}/${name}/-/${name}-${version}.tgz`;
  const versions = { [version]: { name, version, dist: { tarball: `https://${host}${path}` } } };
  const about = JSON.stringify({ name, "dist-tags": { latest: version }, versions });
  return { [`${root}/${name}`]: about, [path]: packed };
}

/** What an index of Python packages has of one version. Source: PEP 503 and 427. */
export async function pythonPackage(root: string, name: string, version: string): Promise<Files> {
  const wheel = `${name}-${version}-py3-none-any.whl`;
  const info = `${name}-${version}.dist-info`;
  const file = await zipOf({
    [`${name}.py`]: "",
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${info}/RECORD`]: "",
  });
  return { [`${root}/${name}/`]: `<a href="${wheel}">${wheel}</a>`, [`${root}/${name}/${wheel}`]: file };
}

/** A zip file of these. */
export async function zipOf(files: Files): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return buffer(zip.outputStream);
}
