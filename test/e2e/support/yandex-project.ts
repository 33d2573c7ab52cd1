import { chmodSync } from "node:fs";
import { join } from "node:path";
import { bundleInto } from "../../support/bundle";
import { PLUGINS } from "./plugin-project";

const TYPE = "yandex:VpcNetwork";

/** Builds the plugin that stands in for a cloud's into a folder, and answers what makes the engine take it, and ours. */
export function withYandex(folder: string): typeof PLUGINS {
  const file = join(folder, "pulumi-resource-yandex");
  bundleInto(join(__dirname, "yandex-plugin.ts"), file);
  chmodSync(file, 0o755);
  return { providers: [...PLUGINS.providers, { name: "yandex", path: folder }] };
}

const cloud = (token?: string) => ({
  type: "pulumi:providers:yandex",
  properties: { ...(token && { token }) },
});
const network = { type: TYPE, properties: { name: "one" }, options: { provider: "${cloud}" } };
const asked = { variables: { iam: { "fn::invoke": { function: "yciam:getIamToken" } } } };

/** Programs with a network of the cloud's, by how its provider comes to a token. */
export const PROGRAMS = {
  /** The provider is given a token that the program asks for. */
  pushed: { ...asked, resources: { cloud: cloud("${iam.token}"), network } },
  /** The same, when the network has been taken out of the program. */
  emptied: { ...asked, resources: { cloud: cloud("${iam.token}") } },
  /** The provider is given the token that a resource keeps. */
  kept: { resources: { iam: { type: "yciam:IamToken" }, cloud: cloud("${iam.token}"), network } },
  /** The provider asks its environment. */
  pulled: { resources: { cloud: cloud(), network } },
  /** All has been taken out of the program. */
  gone: { resources: {} },
} as const;
