#!/usr/bin/env node
// A provider that is configured with a token, as any provider of a cloud is, and says which one it got.
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fingerprint } from "../../../provider/core/token/token";
import { Secret } from "../../../provider/core/words/secret";
import { type ProviderDefinition } from "../../../provider/terraform/definition";
import { DiagnosticError } from "../../../provider/terraform/errors";
import { createLogger } from "../../../provider/terraform/plugin/log";
import { servePlugin } from "../../../provider/terraform/plugin/serve";
import { input, output, schema } from "../../../provider/terraform/schema";
import { createProviderMethods } from "../../../provider/terraform/server";

/** A line for the test, which is another process. */
function note(event: string): void {
  const file = process.env["DEMO_EVENTS"];
  if (file) appendFileSync(file, `${event}\n`);
}

const sink: ProviderDefinition<{ readonly fingerprint: string }> = {
  schema: schema({
    description: "Takes a token.",
    attributes: [input({ name: "token", type: "string", sensitive: true, description: "The token." })],
  }),
  configure: async ({ token }) => {
    const got = typeof token === "string" ? fingerprint(new Secret(token)) : "none";
    note(`sink ${got}`);
    return { fingerprint: got };
  },
  dataSources: {
    sink_token: {
      schema: schema({
        description: "What it was configured with.",
        attributes: [
          input({ name: "how", type: "string", description: "`fail`, `slow` or `hang`." }),
          output({ name: "fingerprint", type: "string", description: "Of the token." }),
        ],
      }),
      read: async (config, configured, { signal }) => {
        note(`read ${configured.fingerprint}`);
        if (config["how"] === "fail") throw new DiagnosticError({ summary: "The Sink Fails" });
        if (config["how"] === "slow") await sleep(3_000, undefined, { signal });
        if (config["how"] === "hang") await sleep(60_000, undefined, { signal });
        return { ...config, ...configured };
      },
    },
  },
  ephemeralResources: {},
};

void servePlugin({
  program: "terraform-provider-sink",
  providers: [],
  methods: createProviderMethods(sink),
  log: createLogger({ module: "sink" }),
});
