import { type Client } from "@grpc/grpc-js";
import { once } from "node:events";
import { type AddressInfo } from "node:net";
import { type Context } from "../../../provider/core/context";
import { showPath } from "../../../provider/terraform/cty/path";
import { type ObjectType } from "../../../provider/terraform/cty/type";
import { type ObjectValue } from "../../../provider/terraform/cty/value";
import {
  type AttributePath,
  type Diagnostic,
  Diagnostic_Severity as Severity,
  type DynamicValue,
} from "../../../provider/terraform/generated/tfplugin6";
import { createGrpcServer, type GrpcServer } from "../../../provider/terraform/plugin/grpc/server";
import { createLogger } from "../../../provider/terraform/plugin/log";
import { createProviderMethods } from "../../../provider/terraform/server";
import { decodeValue, encodeValue } from "../../../provider/terraform/values";
import { snakeCase } from "../../../provider/terraform/yciam/names";
import { createProvider } from "../../../provider/terraform/yciam/provider";
import { testContext } from "../../support/context";
import { callProvider, connect } from "./grpc-client";

/** A diagnostic as a test looks at it: `error` or `warning`, and the path as users write it. */
export interface Said {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  readonly path: string;
}

/** What a call answered: the values, if it worked, and what was said. */
export interface Answered {
  readonly values: ObjectValue;
  readonly said: readonly Said[];
}

/** The plugin's own provider behind a real gRPC server of this process, and a client that speaks as a host does. */
export class YciamClient {
  /** Lines that the plugin logged. */
  readonly lines: string[] = [];
  readonly #definition: ReturnType<typeof createProvider>;
  readonly #grpc: GrpcServer;
  #client: Client | undefined;

  /** @param parts what is its own in the context: variables, a clock, a memory, a store */
  constructor(parts: Partial<Context> = {}) {
    const logger = createLogger({ module: "test", write: (line) => void this.lines.push(line) });
    const context = testContext({ ...parts, spelling: snakeCase });
    this.#definition = createProvider({ context, logger });
    const unary = createProviderMethods(this.#definition);
    this.#grpc = createGrpcServer({ routes: { unary, held: new Set() }, log: logger });
  }

  async start(): Promise<this> {
    this.#grpc.server.listen(0, "127.0.0.1");
    await once(this.#grpc.server, "listening");
    const address = `127.0.0.1:${(this.#grpc.server.address() as AddressInfo).port}`;
    this.#client = connect({ network: "tcp", address, certificate: "" });
    return this;
  }

  end(): void {
    this.#client?.close();
    this.#grpc.close();
  }

  /** The schemas, as the host gets them. */
  schemas() {
    return callProvider(this.#connected(), "getProviderSchema", {});
  }

  async validate(values: ObjectValue): Promise<readonly Said[]> {
    const { type } = this.#definition.schema;
    const config = encodeValue(type, values);
    return said((await callProvider(this.#connected(), "validateProviderConfig", { config })).diagnostics);
  }

  async configure(values: ObjectValue = {}): Promise<readonly Said[]> {
    const config = encodeValue(this.#definition.schema.type, values);
    return said((await callProvider(this.#connected(), "configureProvider", { config })).diagnostics);
  }

  async validateToken(values: ObjectValue): Promise<readonly Said[]> {
    const config = encodeValue(this.#tokenType(), values);
    const request = { typeName: "yciam_token", config };
    return said(
      (await callProvider(this.#connected(), "validateEphemeralResourceConfig", request)).diagnostics,
    );
  }

  async read(typeName: string, values: ObjectValue = {}): Promise<Answered> {
    const { type } = this.#definition.dataSources[typeName]!.schema;
    const config = encodeValue(type, values);
    const { state, diagnostics } = await callProvider(this.#connected(), "readDataSource", {
      typeName,
      config,
    });
    return answered(type, state, diagnostics);
  }

  async open(values: ObjectValue = {}): Promise<Answered & { renewAt?: Date; private?: Uint8Array }> {
    const type = this.#tokenType();
    const config = encodeValue(type, values);
    const request = { typeName: "yciam_token", config };
    const answer = await callProvider(this.#connected(), "openEphemeralResource", request);
    const { renewAt, private: secret } = answer;
    return {
      ...answered(type, answer.result, answer.diagnostics),
      ...(renewAt && { renewAt }),
      ...(secret && { private: secret }),
    };
  }

  async renew(secret?: Uint8Array): Promise<{ said: readonly Said[]; renewAt?: Date; private?: Uint8Array }> {
    const request = { typeName: "yciam_token", ...(secret && { private: secret }) };
    const answer = await callProvider(this.#connected(), "renewEphemeralResource", request);
    const { renewAt, private: next } = answer;
    return { said: said(answer.diagnostics), ...(renewAt && { renewAt }), ...(next && { private: next }) };
  }

  async close(secret?: Uint8Array): Promise<readonly Said[]> {
    const request = { typeName: "yciam_token", ...(secret && { private: secret }) };
    return said((await callProvider(this.#connected(), "closeEphemeralResource", request)).diagnostics);
  }

  /** What the host sends on Ctrl-C. */
  async interrupt(): Promise<void> {
    await callProvider(this.#connected(), "stopProvider", {});
  }

  #tokenType(): ObjectType {
    return this.#definition.ephemeralResources["yciam_token"]!.schema.type;
  }

  #connected(): Client {
    if (this.#client === undefined) throw new Error("start() first");
    return this.#client;
  }
}

/** Registers hooks: what a test starts is ended after it. */
export function useYciam(): (parts?: Partial<Context>) => Promise<YciamClient> {
  const started: YciamClient[] = [];
  afterEach(() => started.splice(0).forEach((client) => client.end()));
  return (parts) => {
    const client = new YciamClient(parts);
    started.push(client);
    return client.start();
  };
}

function answered(
  type: ObjectType,
  value: DynamicValue | undefined,
  diagnostics: readonly Diagnostic[] | undefined,
): Answered {
  return { values: (decodeValue(type, value) ?? {}) as ObjectValue, said: said(diagnostics) };
}

function said(diagnostics: readonly Diagnostic[] = []): readonly Said[] {
  return diagnostics.map(({ severity, summary = "", detail = "", attribute }) => ({
    severity: severity === Severity.ERROR ? "error" : "warning",
    summary,
    detail,
    path: pathOf(attribute),
  }));
}

function pathOf(attribute: AttributePath | undefined): string {
  const steps = attribute?.steps ?? [];
  return showPath(steps.map(({ selector }) => ({ attribute: String(selector?.value) })));
}
