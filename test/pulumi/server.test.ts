import { expect } from "chai";
import { status } from "@grpc/grpc-js";
import type * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { VERSION } from "../../provider/core/words/version";
import { createSchema } from "../../provider/pulumi/schema/index";
import { refusal } from "./support/client";
import { type Served, servePlugin } from "./support/serve";

describe("the plugin's service", () => {
  let served: Served;
  beforeEach(async () => (served = await servePlugin()));
  afterEach(() => served.close());

  it("takes secrets, and no resources or outputs", async () => {
    const answer = await served.client.handshake();
    expect(answer.getAcceptSecrets()).to.equal(true);
    expect(answer.getAcceptResources()).to.equal(false);
    expect(answer.getAcceptOutputs()).to.equal(false);
  });

  it("takes secrets and previews from an engine that shakes no hands, too", async () => {
    const answer = await served.client.configure({});
    expect(answer.getAcceptsecrets()).to.equal(true);
    expect(answer.getSupportspreview()).to.equal(true);
  });

  it("sends its log to the engine of the handshake, and to one that attaches", async () => {
    await served.client.handshake("127.0.0.1:1111");
    await served.client.handshake();
    await served.client.attach("127.0.0.1:2222");
    expect(served.attached).to.deep.equal(["127.0.0.1:1111", "127.0.0.1:2222"]);
  });

  it("tells its version", async () => {
    const info = await served.client.call<Empty, plugin.PluginInfo>("getPluginInfo", new Empty());
    expect(info.getVersion()).to.equal(VERSION);
  });

  it("hands out its schema", async () => {
    expect(await served.client.schema()).to.deep.equal(JSON.parse(JSON.stringify(createSchema())));
  });

  it("knows no other version of schemas", async () => {
    const request = new pb.GetSchemaRequest().setVersion(1);
    expect((await refusal(served.client.call("getSchema", request))).code).to.equal(status.INVALID_ARGUMENT);
  });

  it("maps nothing of another ecosystem", async () => {
    const mapping = await served.client.call<unknown, pb.GetMappingResponse>(
      "getMapping",
      new pb.GetMappingRequest().setKey("terraform"),
    );
    expect([mapping.getProvider(), mapping.getData_asU8().length]).to.deep.equal(["", 0]);
    const mappings = await served.client.call<unknown, pb.GetMappingsResponse>(
      "getMappings",
      new pb.GetMappingsRequest().setKey("terraform"),
    );
    expect(mappings.getProvidersList()).to.deep.equal([]);
  });

  const missing = {
    parameterize: new pb.ParameterizeRequest(),
    construct: new pb.ConstructRequest(),
    call: new pb.CallRequest(),
  } as const;
  for (const [method, request] of Object.entries(missing)) {
    it(`answers ${method} with UNIMPLEMENTED`, async () => {
      const { code } = await refusal(served.client.call(method as keyof typeof missing, request));
      expect(code).to.equal(status.UNIMPLEMENTED);
    });
  }

  it("answers a call without arguments, as engines send them", async () => {
    expect(
      await refusal(served.client.call("invoke", new pb.InvokeRequest().setTok("yciam:index:getIamToken"))),
    )
      .to.have.property("code")
      .that.equals(status.FAILED_PRECONDITION);
    await served.client.call("configure", new pb.ConfigureRequest());
  });
});
