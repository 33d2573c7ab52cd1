import { type Context } from "../../../provider/core/context";
import { createLogger } from "../../../provider/terraform/plugin/log";
import { createProviderMethods } from "../../../provider/terraform/server";
import { snakeCase } from "../../../provider/terraform/yciam/names";
import { createProvider } from "../../../provider/terraform/yciam/provider";
import { testContext } from "../../support/context";
import { startGrpc } from "./grpc-fixture";
import { ProviderClient } from "./provider-client";

/** The plugin's own provider behind a real gRPC server of this process. */
export interface Yciam extends ProviderClient {
  /** Lines that the plugin logged. */
  readonly lines: readonly string[];
  readonly end: () => void;
}

/** @param parts what is its own in the context: variables, a clock, a memory, a store */
export async function startYciam(parts: Partial<Context> = {}): Promise<Yciam> {
  const lines: string[] = [];
  const logger = createLogger({ module: "test", write: (line) => void lines.push(line) });
  const provider = createProvider({ context: testContext({ ...parts, spelling: snakeCase }), logger });
  const grpc = await startGrpc(createProviderMethods(provider), { log: logger });
  return Object.assign(new ProviderClient(provider, grpc.dial()), { lines, end: grpc.close });
}

/** Registers hooks: what a test starts is ended after it. */
export function useYciam(): typeof startYciam {
  const started: Yciam[] = [];
  afterEach(() => started.splice(0).forEach(({ end }) => end()));
  return async (parts) => {
    const yciam = await startYciam(parts);
    started.push(yciam);
    return yciam;
  };
}
