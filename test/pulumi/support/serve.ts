import type { Context } from "../../../provider/core/context";
import { Configuration } from "../../../provider/pulumi/configuration";
import { serve } from "../../../provider/pulumi/server";
import { createMethods } from "../../../provider/pulumi/service";
import { testContext, type TestContext } from "../../support/context";
import { PluginClient } from "./client";

/** A plugin served in this process over real gRPC, and a client of it. */
export interface Served {
  readonly client: PluginClient;
  readonly context: TestContext;
  /** Addresses of engines that it was told of. */
  readonly attached: readonly string[];
  readonly close: () => Promise<void>;
}

/** Serves a plugin whose environment, clock and log belong to one test. */
export async function servePlugin(
  parts: Partial<Context> = {},
  flush = () => Promise.resolve(),
): Promise<Served> {
  const context = testContext(parts);
  const attached: string[] = [];
  const surroundings = {
    configuration: new Configuration(context),
    attach: (address: string) => void attached.push(address),
  };
  const running = await serve((abortCalls) => createMethods(surroundings, abortCalls), context.log, flush);
  const client = new PluginClient(running.port);
  return {
    client,
    context,
    attached,
    close: () => {
      client.close();
      return running.close();
    },
  };
}
