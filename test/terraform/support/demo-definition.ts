import { setTimeout as sleep } from "node:timers/promises";
import { type CtyType } from "../../../provider/terraform/cty/type";
import { type Value } from "../../../provider/terraform/cty/value";
import { type ProviderDefinition } from "../../../provider/terraform/definition";
import { ArgumentError, DiagnosticError } from "../../../provider/terraform/errors";
import { type Attribute, block, input, output, schema } from "../../../provider/terraform/schema";

const optional = (name: string, type: CtyType) => input({ name, type, description: `An optional ${name}.` });
const computed = (name: string, sensitive = false) =>
  output({ name, type: "string", sensitive, description: "Made by the provider." });
const described = (...attributes: Attribute[]) => schema({ description: "It.", attributes });

async function failure(how: Value | undefined, signal: AbortSignal): Promise<void> {
  if (how === "throw") throw new Error("thrown by the demo");
  if (how === "diagnostic") throw new DiagnosticError({ summary: "Refused", path: [{ attribute: "how" }] });
  if (how === "hang") await sleep(60_000, undefined, { signal });
  if (how === "uncaught") {
    setImmediate(() => {
      throw new Error("thrown outside of any call");
    });
    await sleep(60_000, undefined, { signal, ref: false });
  }
}

/** A small provider that shows what the layer below can do. */
export const demo: ProviderDefinition<{ readonly prefix: string }> = {
  schema: schema({
    description: "It.",
    attributes: [optional("prefix", "string")],
    blocks: [block({ name: "account", description: "Who.", attributes: [optional("password", "string")] })],
  }),
  translate: (error) => ({ severity: "error", summary: "Unexpected", detail: String(error) }),
  configure: async ({ prefix }) => ({ prefix: typeof prefix === "string" ? prefix : "hello" }),
  dataSources: {
    // Gives back what it got.
    demo_echo: {
      schema: described(
        optional("text", "string"),
        optional("names", ["list", "string"]),
        computed("greeting"),
      ),
      read: async (config, { prefix }) => ({ ...config, greeting: `${prefix} there` }),
    },
    // Fails in the way it is told to.
    demo_fail: {
      schema: described(optional("how", "string")),
      validate: async ({ how }) =>
        how === "invalid"
          ? [{ severity: "error", summary: "Invalid How", detail: "No.", path: [{ attribute: "how" }] }]
          : [],
      read: async (config, _configured, { signal, warn }) => {
        warn({ summary: "Failing Soon", path: [{ attribute: "how" }] });
        await failure(config["how"], signal);
        return config;
      },
    },
  },
  ephemeralResources: {
    // Counts in its private bytes how often it was renewed.
    demo_secret: {
      schema: described(optional("renew_after_ms", "number"), computed("token", true)),
      open: async (config, { prefix }) => {
        const after = config["renew_after_ms"];
        return {
          result: { ...config, token: `canary-${prefix}` },
          private: Buffer.from("0"),
          ...(typeof after === "number" && { renewAt: new Date(Date.now() + after) }),
        };
      },
      renew: async (before) => ({ private: Buffer.from(String(Number(Buffer.from(before ?? [])) + 1)) }),
    },
  },
  functions: {
    // Joins what it got, and takes no empty text.
    demo_join: {
      summary: "Joins.",
      description: "It.",
      parameters: [{ name: "between", description: "What goes between." }],
      rest: { name: "words", description: "The words." },
      call: ([between = "", ...words]) => {
        if (between === "throw") throw new Error("thrown by the demo");
        if (words.includes("")) throw new ArgumentError("a word is empty", 1 + words.indexOf(""));
        return words.join(between);
      },
    },
  },
};
