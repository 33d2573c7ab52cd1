import { Session as ProcessSession } from "../../provider/core/token/session";
import type { ObjectValue, Value } from "../../provider/terraform/cty/value";
import { camelCase, snakeCase } from "../../provider/terraform/yciam/names";
import { type Answered, type Said } from "../terraform/support/provider-client";
import { startYciam, type Yciam } from "../terraform/support/yciam-client";
import type { Answer, HostDriver, Machine, Options } from "./host-driver";
import { describeHost } from "./host-scenarios";

/** The Terraform plugin over real gRPC, as a CLI would drive it: one configuration of the provider for each question. */
const terraform = (block: string, get: (yciam: Yciam) => Promise<Answered>): HostDriver => ({
  name: `the Terraform plugin's ${block}`,
  start: async (machine) => new Session(machine, get),
});

class Session {
  readonly spell = snakeCase;
  readonly #session = new ProcessSession();
  readonly #clients: Yciam[] = [];
  readonly #told: Said[] = [];
  readonly #shown: ObjectValue[] = [];

  constructor(
    private readonly machine: Machine,
    private readonly get: (yciam: Yciam) => Promise<Answered>,
  ) {}

  async ask(options: Options, signal?: AbortSignal): Promise<Answer> {
    const { env, now } = this.machine;
    const yciam = await startYciam({ env, now, session: this.#session });
    this.#clients.push(yciam);
    const interrupt = () => void yciam.interrupt();
    const wrong = await yciam.configure(toValues(options));
    signal?.addEventListener("abort", interrupt);
    if (signal?.aborted) interrupt();
    const { values, said } = wrong.length > 0 ? { values: {}, said: wrong } : await this.get(yciam);
    signal?.removeEventListener("abort", interrupt);
    return this.#tell(values, said, await secretsOf(yciam));
  }

  /** As they stand in the diagnostics, and in the log. */
  warnings(): readonly string[] {
    const shown = this.#told.filter(({ severity }) => severity === "warning").map(({ detail }) => detail);
    const lines = this.#clients.flatMap((client) => client.lines);
    return [...shown, ...lines.filter((line) => line.includes('"@level":"warn"'))];
  }

  said(): string {
    const lines = this.#clients.flatMap((client) => client.lines);
    return [...lines, ...[...this.#told, ...this.#shown].map((each) => JSON.stringify(each))].join("\n");
  }

  async close(): Promise<void> {
    this.#clients.splice(0).forEach((client) => client.end());
  }

  #tell(values: ObjectValue, said: readonly Said[], secret: readonly string[]): Answer {
    this.#told.push(...said);
    const errors = said.filter(({ severity }) => severity === "error");
    if (errors.length > 0)
      return { message: errors.map((each) => `${each.summary} (${each.path}): ${each.detail}`).join("\n") };
    const entries = Object.entries(values);
    this.#shown.push(Object.fromEntries(entries.filter(([name]) => !secret.includes(name))));
    const texts = entries.map(([name, value]) => [camelCase(name), value ?? undefined]);
    return {
      values: Object.fromEntries(texts) as Record<string, string | undefined>,
      secret: secret.map(camelCase),
    };
  }
}

/** The attributes of the answer that a CLI hides, by the schema that it was given. */
async function secretsOf(yciam: Yciam): Promise<readonly string[]> {
  const { dataSourceSchemas, ephemeralResourceSchemas } = await yciam.schemas();
  const schemas = [dataSourceSchemas?.["yciam_token"], ephemeralResourceSchemas?.["yciam_token"]];
  const hidden = schemas.map((schema) =>
    (schema?.block?.attributes ?? []).filter(({ sensitive }) => sensitive).map(({ name }) => name ?? ""),
  );
  if (new Set(hidden.map(String)).size > 1) throw new Error("the two blocks hide different attributes");
  return hidden[0] ?? [];
}

function toValues(options: Options): ObjectValue {
  const value = (option: unknown): Value =>
    typeof option === "object" && option !== null && !Array.isArray(option)
      ? toValues(option as Options)
      : (option as Value);
  return Object.fromEntries(Object.entries(options).map(([name, each]) => [snakeCase(name), value(each)]));
}

describeHost(terraform("ephemeral token", (yciam) => yciam.open()));
describeHost(terraform("data source", (yciam) => yciam.read("yciam_token")));
