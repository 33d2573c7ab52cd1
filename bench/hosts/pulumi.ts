import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { GetSchemaRequest, type GetSchemaResponse } from "@pulumi/pulumi/proto/provider_pb";
import { PluginClient } from "../../test/pulumi/support/client";
import type { Sample } from "../comparison";
import type { Env } from "../world";
import { startPlugin } from "./started";

/** Speaks to a Pulumi plugin as the engine does, up to the first answer of its function `getIamToken`. */
export async function hostPulumi(argv: readonly string[], env: Env, name: string): Promise<Sample> {
  const plugin = await startPlugin(argv, env);
  const client = new PluginClient(Number(plugin.line));
  try {
    await client.handshake();
    await client.call<Empty, unknown>("getPluginInfo", new Empty());
    const handshake = plugin.passed();
    await client.call<GetSchemaRequest, GetSchemaResponse>("getSchema", new GetSchemaRequest());
    const schema = plugin.passed();
    await client.configure();
    const { result } = await client.invoke(`${name}:index:getIamToken`);
    if (result["token"] === undefined) throw new Error("the plugin gave no token");
    return { handshake, schema, ms: plugin.passed(), rssMb: plugin.memory() };
  } finally {
    client.close();
    await plugin.end();
  }
}
