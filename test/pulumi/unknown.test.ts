import { expect } from "chai";
import { status } from "@grpc/grpc-js";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { refusal, type Wire } from "./support/client";
import { type Served, servePlugin } from "./support/serve";
import { secret, unknown } from "./support/wire";

const INFO = ["expiresAt", "issuedAt", "refreshAt", "resolver", "subjectId", "fingerprint"];

describe("what is unknown, in the plugin", () => {
  let plugin: Served;
  // A token of the environment belongs to somebody: it must not stand in for one that is not known yet.
  beforeEach(async () => (plugin = await servePlugin({ env: { YC_IAM_TOKEN: "t1.other.identity" } })));
  afterEach(() => plugin.close());

  const invoke = async (name: string, args: Wire, preview: boolean): Promise<Wire> => {
    const wire = Struct.fromJavaScript(args as { [key: string]: JavaScriptValue });
    const request = new pb.InvokeRequest().setTok(`yciam:index:${name}`).setArgs(wire).setPreview(preview);
    const answer = await plugin.client.call<unknown, pb.InvokeResponse>("invoke", request);
    return answer.getReturn()?.toJavaScript() ?? {};
  };
  const pendingInfo = Object.fromEntries(INFO.map((name) => [name, unknown]));
  const pending: Readonly<Record<string, object>> = {
    getIamToken: { token: secret(unknown), authorizationHeader: secret(unknown), ...pendingInfo },
    getIamTokenInfo: pendingInfo,
    explainResolvers: { resolvers: unknown, chosen: unknown, verified: unknown },
  };
  const places: readonly [Wire, Wire, string][] = [
    [{}, { serviceAccountKey: { json: secret(unknown) } }, "serviceAccountKey.json is not"],
    [{}, { iamToken: secret(unknown) }, "iamToken is not"],
    [{}, { resolvers: ["iamToken", unknown] }, "resolvers is not"],
    [{ serviceAccountKey: { json: unknown } }, {}, "serviceAccountKey.json of the provider is not"],
    [{ iamToken: JSON.stringify({ token: unknown }) }, {}, "iamToken.token of the provider is not"],
  ];

  for (const [config, args, said] of places) {
    const where = JSON.stringify([config, args]);
    it(`leaves every answer of a function unknown in a preview: ${where}`, async () => {
      await plugin.client.configure(config);
      for (const [name, answer] of Object.entries(pending))
        expect(await invoke(name, args, true)).to.deep.equal(answer);
    });

    it(`is refused by name otherwise: ${where}`, async () => {
      await plugin.client.configure(config);
      for (const work of [invoke("getIamToken", args, false), plugin.client.create(args)]) {
        const { code, details } = await refusal(work);
        expect(code).to.equal(status.INVALID_ARGUMENT);
        expect(details.startsWith(said), details).to.equal(true);
      }
    });
  }
});
