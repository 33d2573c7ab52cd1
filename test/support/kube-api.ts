import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Emulator } from "../../emulator";
import { createCertificate } from "../../provider/tls/certificate";

/** What was asked of the API server, and by which token. */
export interface KubeRequest {
  readonly path: string;
  readonly token: string;
  readonly status: number;
}

/** An API server as far as clients authenticate: the emulator judges each bearer, as IAM would a TokenReview. */
export interface KubeApi {
  /** https, on a name that its certificate has. */
  readonly url: string;
  /** The certificate, in PEM. */
  readonly ca: string;
  /** All requests so far, oldest first. */
  readonly requests: readonly KubeRequest[];
  readonly close: () => void;
}

const NAMESPACES = {
  name: "namespaces",
  singularName: "namespace",
  kind: "Namespace",
  verbs: ["get", "list"],
};

/** As much as `kubectl get namespaces` asks for. */
const ANSWERS: Readonly<Record<string, object>> = {
  "/version": { major: "1", minor: "35", gitVersion: "v1.35.0" },
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/apis": { kind: "APIGroupList", apiVersion: "v1", groups: [] },
  "/api/v1": {
    kind: "APIResourceList",
    groupVersion: "v1",
    resources: [{ ...NAMESPACES, namespaced: false }],
  },
  "/api/v1/namespaces": {
    kind: "NamespaceList",
    apiVersion: "v1",
    items: [{ metadata: { name: "default" }, status: { phase: "Active" } }],
  },
};

const statusOf = (code: number, reason: string) => ({ kind: "Status", apiVersion: "v1", code, reason });

/** Starts one on a free port. */
export async function startKubeApi(emulator: Pick<Emulator, "review">): Promise<KubeApi> {
  const { pem, privateKey } = createCertificate(Date.now());
  const requests: KubeRequest[] = [];
  const answer = ({ url = "", headers }: IncomingMessage): [number, object] => {
    const path = url.replace(/\?.*$/, "");
    const token = headers.authorization?.replace(/^Bearer /, "") ?? "";
    const found = ANSWERS[path];
    const status = emulator.review(token) === undefined ? 401 : found === undefined ? 404 : 200;
    requests.push({ path, token, status });
    return [status, status === 200 ? found! : statusOf(status, status === 401 ? "Unauthorized" : "NotFound")];
  };
  const server = createServer({ cert: pem, key: privateKey }, (request, reply) => {
    const [status, body] = answer(request);
    reply.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, ca: pem, requests, close };
}
