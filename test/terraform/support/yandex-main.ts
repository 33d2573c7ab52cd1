#!/usr/bin/env node
// Stands in for yandex-cloud/yandex, with as much of it as the examples use: it asks the API for a cloud by name, with
// the token that it was configured with.
import { type ObjectValue } from "../../../provider/terraform/cty/value";
import { type ProviderDefinition } from "../../../provider/terraform/definition";
import { DiagnosticError } from "../../../provider/terraform/errors";
import { createLogger } from "../../../provider/terraform/plugin/log";
import { servePlugin } from "../../../provider/terraform/plugin/serve";
import { input, output, schema } from "../../../provider/terraform/schema";
import { createProviderMethods } from "../../../provider/terraform/server";

interface CloudList {
  readonly clouds: readonly { readonly id: string; readonly name: string }[];
}

async function findCloud(config: ObjectValue, token: string, signal: AbortSignal): Promise<ObjectValue> {
  const url = `${process.env["TEST_CLOUD_URL"]}/resource-manager/v1/clouds`;
  const reply = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal });
  if (!reply.ok) throw new DiagnosticError({ summary: `HTTP ${reply.status}` });
  const { clouds } = (await reply.json()) as CloudList;
  const found = clouds.find(({ name }) => name === config["name"]);
  if (!found) throw new DiagnosticError({ summary: "No Such Cloud", path: [{ attribute: "name" }] });
  return { ...config, id: found.id };
}

const yandex: ProviderDefinition<{ readonly token: string }> = {
  schema: schema({
    description: "A stand-in.",
    attributes: [input({ name: "token", type: "string", sensitive: true, description: "IAM token." })],
  }),
  configure: async ({ token }) => ({ token: typeof token === "string" ? token : "" }),
  dataSources: {
    yandex_resourcemanager_cloud: {
      schema: schema({
        description: "A cloud.",
        attributes: [
          input({ name: "name", type: "string", description: "Its name." }),
          output({ name: "id", type: "string", description: "Its id." }),
        ],
      }),
      read: (config, { token }, { signal }) => findCloud(config, token, signal),
    },
  },
  ephemeralResources: {},
};

void servePlugin({
  program: "terraform-provider-yandex",
  providers: [],
  methods: createProviderMethods(yandex),
  log: createLogger({ module: "yandex" }),
});
