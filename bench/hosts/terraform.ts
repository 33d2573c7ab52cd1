import { encode } from "@msgpack/msgpack";
import {
  type DynamicValue,
  type Schema,
  Schema_NestedBlock_NestingMode as Nesting,
} from "../../provider/terraform/generated/tfplugin6";
import { createCertificate, toPem } from "../../provider/tls/certificate";
import { callProvider, connect } from "../../test/terraform/support/grpc-client";
import { HOST_ENV } from "../../test/terraform/support/plugin-process";
import type { Sample } from "../comparison";
import type { Env } from "../world";
import { startPlugin } from "./started";

/** Speaks to a Terraform plugin as Terraform does, mutual TLS included, up to its first data source. */
export async function hostTerraform(argv: readonly string[], env: Env, dataSource: string): Promise<Sample> {
  const certificate = createCertificate(Date.now());
  const plugin = await startPlugin(argv, { ...env, ...HOST_ENV, PLUGIN_CLIENT_CERT: certificate.pem });
  const handshake = plugin.passed();
  const [, , network = "", address = "", , own = ""] = plugin.line.split("|");
  const client = connect({ network, address, certificate: toPem(Buffer.from(own, "base64")) }, certificate);
  try {
    const { provider, dataSourceSchemas = {} } = await callProvider(client, "getProviderSchema", {});
    const schema = plugin.passed();
    await callProvider(client, "configureProvider", { config: nothingSaid(provider) });
    const config = nothingSaid(dataSourceSchemas[dataSource]);
    const read = await callProvider(client, "readDataSource", { typeName: dataSource, config });
    const [wrong] = read.diagnostics ?? [];
    if (wrong !== undefined) throw new Error(`${wrong.summary}: ${wrong.detail}`);
    return { handshake, schema, ms: plugin.passed(), rssMb: plugin.memory() };
  } finally {
    client.close();
    await plugin.end();
  }
}

/** A block in which the user has written nothing. */
function nothingSaid(schema: Schema | undefined): DynamicValue {
  const { attributes = [], blockTypes = [] } = schema?.block ?? {};
  const absent = ({ nesting }: { nesting?: Nesting | undefined }) =>
    nesting === Nesting.LIST || nesting === Nesting.SET ? [] : null;
  const values = [
    ...attributes.map(({ name = "" }) => [name, null]),
    ...blockTypes.map((block) => [block.typeName ?? "", absent(block)]),
  ];
  return { msgpack: encode(Object.fromEntries(values)) };
}
