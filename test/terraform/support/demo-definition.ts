import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Value } from "../../../provider/terraform/cty/value";
import {
  type DataSource,
  type EphemeralResource,
  type ProviderDefinition,
} from "../../../provider/terraform/definition";
import { DiagnosticError } from "../../../provider/terraform/errors";
import { attribute, nested, schema } from "../../../provider/terraform/schema";

/** What the demo's `configure` makes. */
export interface DemoConfig {
  readonly prefix: string;
}

/** Appends one line to the file named by DEMO_EVENTS, so that a test in another process sees what happened. */
export function note(event: string): void {
  const file = process.env["DEMO_EVENTS"];
  if (file) appendFileSync(file, `${event}\n`);
}

const optional = (name: string, type: Parameters<typeof attribute>[0]["type"]) =>
  attribute({ name, type, optional: true, description: `An optional ${name}.` });

const endpoint = [optional("url", "string"), optional("port", "number")];

/** Gives back what it got: every kind of value. */
const echo: DataSource<DemoConfig> = {
  schema: schema({
    description: "Echoes its configuration.",
    attributes: [
      optional("text", "string"),
      optional("number", "number"),
      optional("flag", "bool"),
      optional("names", ["list", "string"]),
      optional("tags", ["map", "string"]),
      optional("unique", ["set", "number"]),
      optional("anything", "dynamic"),
      nested({ name: "endpoint", optional: true, description: "One.", attributes: endpoint }),
      nested({
        name: "endpoints",
        nesting: "list",
        optional: true,
        description: "Many.",
        attributes: endpoint,
      }),
      attribute({ name: "greeting", type: "string", computed: true, description: "Made by the provider." }),
      attribute({ name: "secret", type: "string", computed: true, sensitive: true, description: "Hidden." }),
    ],
  }),
  read: async (config, { prefix }) => ({ ...config, greeting: `${prefix} there`, secret: "canary-in-state" }),
};

/** Fails in the way it is told to. */
const fail: DataSource<DemoConfig> = {
  schema: schema({
    description: "Fails.",
    attributes: [optional("how", "string"), optional("pid", "number")],
  }),
  validate: async ({ how }) =>
    how === "invalid"
      ? [{ severity: "error", summary: "Invalid How", detail: "Not this one.", path: [{ attribute: "how" }] }]
      : [],
  read: async (config, _configured, context) => {
    context.warn({ summary: "Failing Soon", path: [{ attribute: "how" }] });
    await failure(config["how"] ?? null, context.signal);
    return { ...config, pid: process.pid };
  },
};

async function failure(how: Value, signal: AbortSignal): Promise<void> {
  if (how === "throw") throw new Error("thrown by the demo");
  if (how === "diagnostic") throw new DiagnosticError({ summary: "Refused", path: [{ attribute: "how" }] });
  if (how === "uncaught") {
    setImmediate(() => {
      throw new Error("thrown outside of any call");
    });
    await sleep(60_000, undefined, { signal, ref: false });
  }
  if (how === "slow") await sleep(1_500, undefined, { signal });
  if (how === "hang") {
    note(`hanging ${process.pid}`);
    await sleep(60_000, undefined, { signal }).finally(() => note("released"));
  }
}

/** Opens a secret and says in its private bytes how often it was renewed. */
const secret: EphemeralResource<DemoConfig> = {
  schema: schema({
    description: "A secret.",
    attributes: [
      optional("name", "string"),
      optional("renew_after_ms", "number"),
      attribute({
        name: "token",
        type: "string",
        computed: true,
        sensitive: true,
        description: "The secret.",
      }),
    ],
  }),
  open: async (config, { prefix }) => {
    note("open");
    const after = config["renew_after_ms"];
    return {
      result: { ...config, token: `canary-${prefix}` },
      private: Buffer.from("0"),
      ...(typeof after === "number" && { renewAt: new Date(Date.now() + after) }),
    };
  },
  renew: async (before) => {
    note(`renew ${Buffer.from(before ?? []).toString()}`);
    return { private: Buffer.from(String(Number(Buffer.from(before ?? [])) + 1)) };
  },
};

/** A small provider that shows what the layer below can do. */
export const demo: ProviderDefinition<DemoConfig> = {
  schema: schema({
    description: "The demo provider.",
    attributes: [
      optional("prefix", "string"),
      nested({
        name: "account",
        optional: true,
        description: "Who.",
        attributes: [
          attribute({
            name: "password",
            type: "string",
            optional: true,
            sensitive: true,
            description: "Hidden.",
          }),
        ],
      }),
    ],
  }),
  configure: async ({ prefix, account }) => {
    note(`configure ${JSON.stringify({ prefix, account })}`);
    return { prefix: typeof prefix === "string" ? prefix : "hello" };
  },
  dataSources: { demo_echo: echo, demo_fail: fail },
  ephemeralResources: { demo_secret: secret },
};
