import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type KeyFile, type OidcIssuer, startEmulator, startOidcIssuer } from "../../emulator";

/** A loopback server that is no Yandex Cloud. */
export interface Outside {
  readonly url: string;
  /** `host:port`. */
  readonly address: string;
  /** Whatever it was sent that could be a credential. */
  readonly received: string[];
  /** Resolves when the next request has come in. */
  asked(): Promise<void>;
}

/** What the contract tests resolvers against: a cloud, an issuer, and servers that misbehave. */
export interface World {
  readonly emulator: Emulator;
  readonly issuer: OidcIssuer;
  /** Takes requests and never answers. */
  readonly silent: Outside;
  /** Refuses each request, and says back all that it was sent. */
  readonly echo: Outside;
  /** Answers `{}` to everybody. */
  readonly generous: Outside;
  /** HashiCorp Vault, as much of it as reading one secret takes. */
  readonly vault: Outside & { readonly token: string };
  readonly key: KeyFile;
  readonly otherKey: KeyFile;
  readonly oauthToken: string;
  /** An account that the issuer's `SUBJECT` may act as. */
  readonly serviceAccountId: string;
  /** Holds key.json, home folders and programs. */
  readonly folder: string;
  close(): Promise<void>;
}

/** Subject and audience of OIDC tokens that the cloud takes. */
export const CLAIMS = { sub: "repo:octo/demo:ref:refs/heads/main", aud: "https://github.com/octo" };

/** Starts all of it. */
export async function startWorld(): Promise<World> {
  const [emulator, issuer] = await Promise.all([startEmulator(), startOidcIssuer()]);
  const folder = mkdtempSync(join(tmpdir(), "yciam-contract-"));
  const [key, otherKey] = await Promise.all([emulator.createKey(), emulator.createKey()]);
  writeFileSync(join(folder, "key.json"), JSON.stringify(key));
  const serviceAccountId = emulator.addServiceAccount().id;
  const { id: federationId } = emulator.addFederation({ ...issuer, audiences: [CLAIMS.aud] });
  emulator.addFederatedCredential({ federationId, subject: CLAIMS.sub, serviceAccountId });
  const vaultToken = "hvs.CAESIvaulttokenofthecontracttest0123456789";
  const servers = await Promise.all([
    startOutside(() => undefined),
    startOutside(refuse),
    startOutside((_, reply) => reply.end("{}")),
    startOutside((request, reply) => answerAsVault(request, reply, { token: vaultToken, key })),
  ]);
  const [silent, echo, generous, vault] = servers;
  return {
    ...{ emulator, issuer, folder, key, otherKey, serviceAccountId, silent, echo, generous },
    vault: { ...vault, token: vaultToken },
    oauthToken: emulator.addOauthToken().token,
    close: async () => {
      servers.forEach(({ server }) => server.closeAllConnections());
      await Promise.all([emulator.close(), issuer.close(), ...servers.map(stop)]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Handle = (request: IncomingMessage, reply: ServerResponse, body: string) => void;

async function startOutside(handle: Handle): Promise<Outside & { readonly server: Server }> {
  const received: string[] = [];
  let waiting: (() => void)[] = [];
  const server = createServer((request, reply) => {
    void readBody(request).then((body) => {
      received.push(...credentialsIn(request, body));
      waiting.splice(0).forEach((wake) => wake());
      handle(request, reply, body);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const asked = () => new Promise<void>((wake) => (waiting = [...waiting, wake]));
  return { server, url: `http://${address}`, address, received, asked };
}

function stop({ server }: { readonly server: Server }): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function credentialsIn(request: IncomingMessage, body: string): string[] {
  const fields: unknown[] = request.headers["content-type"]?.includes("json")
    ? Object.values(JSON.parse(body) as object)
    : [...new URLSearchParams(body).values()];
  const { authorization = "", "x-vault-token": vaultToken = "" } = request.headers;
  return [...fields, authorization.replace("Bearer ", ""), vaultToken].filter(
    (value): value is string => typeof value === "string" && value.length > 20 && !value.startsWith("urn:"),
  );
}

function refuse(request: IncomingMessage, reply: ServerResponse, body: string): void {
  const message = `Refused: ${body} ${decodeURIComponent(body)} ${JSON.stringify(request.headers)}`;
  reply.writeHead(401, { "content-type": "application/json", "metadata-flavor": "Google" });
  reply.end(
    JSON.stringify({ code: 16, message, error: "invalid", error_description: message, errors: [message] }),
  );
}

/** Vault's own replies: a KV version 2 envelope, 403 for a token it does not know, 404 for a secret it has not. */
function answerAsVault(
  request: IncomingMessage,
  reply: ServerResponse,
  { token, key }: { readonly token: string; readonly key: KeyFile },
): void {
  const secrets: Record<string, unknown> = {
    "/v1/secret/data/yandex/deployer": key,
    "/v1/kv/yandex/data/as%20text": { key: JSON.stringify(key) },
    "/v1/secret/data/empty": {},
  };
  const data = secrets[request.url ?? ""];
  const send = (status: number, body: object) => {
    reply.writeHead(status, { "content-type": "application/json" });
    reply.end(JSON.stringify(body));
  };
  if (request.headers["x-vault-token"] !== token) send(403, { errors: ["permission denied"] });
  else if (request.url === "/v1/old/data/yandex/deployer") send(200, { data: key });
  else if (data === undefined) send(404, { errors: [] });
  else send(200, { data: { data, metadata: { version: 1 } } });
}
