import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fingerprint } from "../../../provider/core/token/token";
import { Secret } from "../../../provider/core/words/secret";
import { type ObjectValue } from "../../../provider/terraform/cty/value";
import { type DataSource, type ProviderDefinition } from "../../../provider/terraform/definition";
import { DiagnosticError } from "../../../provider/terraform/errors";
import { input, output, schema } from "../../../provider/terraform/schema";

const TEXT = { type: "string", description: "Some text." } as const;

/** A provider that is configured with a token, as any provider of a cloud is. */
function taking(dataSources: Readonly<Record<string, DataSource<string>>>): ProviderDefinition<string> {
  return {
    schema: schema({ description: "", attributes: [input({ name: "token", sensitive: true, ...TEXT })] }),
    // Without a token in its configuration it takes the environment's, as Yandex's own does.
    configure: async ({ token }) => (typeof token === "string" ? token : (process.env["YC_TOKEN"] ?? "")),
    dataSources,
    ephemeralResources: {},
    functions: {},
    translate: (error) => ({ severity: "error", summary: String(error) }),
  };
}

/** A line for the test, which is another process. */
function note(event: string, token: string): void {
  const file = process.env["DEMO_EVENTS"];
  if (file) appendFileSync(file, `${event} ${fingerprint(new Secret(token))}\n`);
}

/** Says which token it got, and takes the time for it that it is told to. */
export const sink = taking({
  sink_token: {
    schema: schema({
      description: "",
      attributes: [input({ name: "how", ...TEXT }), output({ name: "fingerprint", ...TEXT })],
    }),
    read: async (config, token, { signal }) => {
      note("read", token);
      if (config["how"] === "slow") await sleep(3_000, undefined, { signal });
      if (config["how"] === "hang") await sleep(60_000, undefined, { signal });
      return { ...config, fingerprint: fingerprint(new Secret(token)) };
    },
  },
});

interface CloudList {
  readonly clouds: readonly { readonly id: string; readonly name: string }[];
}

async function findCloud(config: ObjectValue, token: string, signal: AbortSignal): Promise<ObjectValue> {
  const url = `${process.env["TEST_CLOUD_URL"]}/resource-manager/v1/clouds`;
  const reply = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal });
  if (!reply.ok) throw new DiagnosticError({ summary: `HTTP ${reply.status}` });
  const { clouds } = (await reply.json()) as CloudList;
  return { ...config, id: clouds.find(({ name }) => name === config["name"])?.id ?? null };
}

/** Stands in for yandex-cloud/yandex, with as much of it as the examples use: it asks the API for a cloud by name. */
export const yandex = taking({
  yandex_resourcemanager_cloud: {
    schema: schema({
      description: "",
      attributes: [input({ name: "name", ...TEXT }), output({ name: "id", ...TEXT })],
    }),
    read: (config, token, { signal }) => findCloud(config, token, signal),
  },
});
