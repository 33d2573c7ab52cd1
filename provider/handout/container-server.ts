import { createHash, timingSafeEqual } from "node:crypto";
import type { Secret } from "../core/words/secret";
import { jsonOf, type Paths, text } from "./answer";
import { containerCredentials } from "./aws";
import type { Served } from "./metadata-server";

const PATH = "/aws/credentials";

/** What AWS's clients get ephemeral keys of Object Storage from: they send the authorization, as it is. */
export function containerPaths({ desk, describe }: Served, authorization: Secret): Paths {
  return {
    [PATH]: ({ headers }) =>
      isEqual(String(headers.authorization), authorization)
        ? jsonOf(desk.accessKey(), (key) => containerCredentials(key, desk.aheadMs()), describe)
        : text(403, "Send the header Authorization with the value of AWS_CONTAINER_AUTHORIZATION_TOKEN."),
  };
}

/** What leads AWS's clients to such a server: in their environment. */
export function containerVariables(address: string, authorization: Secret): Readonly<Record<string, string>> {
  return {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://${address}${PATH}`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization.reveal(),
  };
}

/** How long it takes says nothing of either. */
function isEqual(given: string, wanted: Secret): boolean {
  const [a, b] = [given, wanted.reveal()].map((value) => createHash("sha256").update(value).digest());
  return timingSafeEqual(a as Buffer, b as Buffer);
}
