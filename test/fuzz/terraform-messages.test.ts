import { type Client } from "@grpc/grpc-js";
import { expect } from "chai";
import fc from "fast-check";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { ProviderDefinition } from "../../provider/terraform/generated/tfplugin6";
import { createGrpcServer, type GrpcServer } from "../../provider/grpc/server";
import { createLogger } from "../../provider/terraform/plugin/log";
import { createProviderMethods } from "../../provider/terraform/server";
import { snakeCase } from "../../provider/terraform/yciam/names";
import { createProvider } from "../../provider/terraform/yciam/provider";
import { testContext } from "../support/context";
import { assertAnswered, callBytes, callProvider, connect } from "../terraform/support/grpc-client";

/** Everything but the calls that end the process. */
const METHODS = Object.values(ProviderDefinition.methods)
  .map(({ name }) => name)
  .filter((name) => name !== "StopProvider");
const WITH_CONFIG = [
  "validateProviderConfig",
  "configureProvider",
  "validateEphemeralResourceConfig",
  "openEphemeralResource",
  "readDataSource",
] as const;

describe("fuzz: messages of Terraform and OpenTofu", () => {
  let grpc: GrpcServer;
  let client: Client;

  beforeEach(async () => {
    const logger = createLogger({ module: "test", write: () => undefined });
    const env = { YCIAM_IAM_ENDPOINT: "http://127.0.0.1:1", YCIAM_RETRIES: "0", YCIAM_CACHE: "memory" };
    const context = testContext({ env, spelling: snakeCase });
    const provider = createProvider({ context, logger });
    grpc = createGrpcServer({
      routes: { unary: createProviderMethods(provider), held: new Set() },
      log: logger,
    });
    grpc.server.listen(0, "127.0.0.1");
    await once(grpc.server, "listening");
    const address = `127.0.0.1:${(grpc.server.address() as AddressInfo).port}`;
    client = connect({ network: "tcp", address, certificate: "" });
  });
  afterEach(() => {
    client.close();
    grpc.close();
  });

  it("of any bytes are answered, and the plugin lives on", async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...METHODS),
        fc.uint8Array({ maxLength: 200 }),
        async (method, bytes) => assertAnswered(callBytes(client, `/tfplugin6.Provider/${method}`, bytes)),
      ),
      { numRuns: 500 },
    );
    expect((await callProvider(client, "getProviderSchema", {})).provider).not.to.equal(undefined);
  });

  it("whose values are any bytes or any JSON are answered, and the plugin lives on", async function () {
    this.timeout(60_000);
    const value = fc.oneof(
      fc.record({ msgpack: fc.uint8Array({ maxLength: 100 }), json: fc.constant(new Uint8Array()) }),
      fc.record({
        msgpack: fc.constant(new Uint8Array()),
        json: fc.json().map((text) => new TextEncoder().encode(text)),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...WITH_CONFIG), value, async (method, config) => {
        const typeName = method.includes("Provider") ? {} : { typeName: "yciam_token" };
        await assertAnswered(callProvider(client, method, { ...typeName, config }));
      }),
      { numRuns: 500 },
    );
    expect((await callProvider(client, "getProviderSchema", {})).provider).not.to.equal(undefined);
  });
});
