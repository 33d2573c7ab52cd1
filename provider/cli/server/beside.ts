import { randomBytes } from "node:crypto";
import type { Env } from "../../core/context";
import { Secret } from "../../core/words/secret";
import { answering } from "../../handout/answer";
import { containerPaths, containerVariables } from "../../handout/container-server";
import type { Desk } from "../../handout/desk";
import { healthPaths, metadataPaths } from "../../handout/metadata-server";
import { describeFailure } from "../describe-failure";
import { listenAt } from "./place";
import type { Listening, Place } from "./listen";

/** A server of tokens and keys, and what leads programs to it. */
export interface Beside extends Pick<Listening, "close"> {
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Starts a server of tokens, by the protocol of metadata services, and of keys, by that of AWS's containers.
 * @param authorization what AWS's clients must send; by default nobody knows it who is not told the variables
 */
export async function serveBeside(
  desk: Desk,
  place: Place,
  authorization = new Secret(randomBytes(32).toString("base64url")),
): Promise<Beside> {
  const served = { desk, describe: describeFailure };
  const paths = { ...metadataPaths(served), ...containerPaths(served, authorization) };
  const { address, close } = await listenAt(answering(paths, healthPaths(desk)), place, "listen");
  // One that listens at all addresses is found on this machine.
  const near = address.replace(/^0\.0\.0\.0:/, "127.0.0.1:").replace(/^\[::\]:/, "[::1]:");
  return { variables: { YC_METADATA_ADDR: near, ...containerVariables(near, authorization) }, close };
}

/** The variables without those for AWS's clients, where they have such a server of their own already. */
export function besideOwn(variables: Beside["variables"], env: Env): Beside["variables"] {
  const hasOwn = ["FULL", "RELATIVE"].some(
    (kind) => env[`AWS_CONTAINER_CREDENTIALS_${kind}_URI`] !== undefined,
  );
  const isKept = ([name]: [string, string]) => !hasOwn || !name.startsWith("AWS_");
  return Object.fromEntries(Object.entries(variables).filter(isKept));
}
