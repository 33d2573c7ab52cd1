import { Client, credentials, status } from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { setTimeout as delay } from "node:timers/promises";
import { VERSION } from "../../provider/core/words/version";
import type { Method } from "../../provider/grpc/service";
import { createSchema } from "../../provider/pulumi/schema/index";
import { serve } from "../../provider/pulumi/server";
import { testContext } from "../support/context";
import { callBytes, failureOf } from "../terraform/support/grpc-client";
import { until } from "../terraform/support/plugin-process";
import { refusal } from "./support/client";
import { type Served, servePlugin } from "./support/serve";

describe("the plugin's service", () => {
  let served: Served;
  beforeEach(async () => (served = await servePlugin()));
  afterEach(() => served.close());

  it("takes secrets and previews, of an engine that shakes no hands too, and no resources or outputs", async () => {
    const shaken = (await served.client.handshake()).toObject();
    expect(shaken).to.include({ acceptSecrets: true, acceptResources: false, acceptOutputs: false });
    const bare = new pb.ConfigureRequest();
    const configured = await served.client.call<unknown, pb.ConfigureResponse>("configure", bare);
    expect(configured.toObject()).to.include({ acceptsecrets: true, supportspreview: true });
  });

  it("sends its log to the engine of the handshake, and to one that attaches", async () => {
    await served.client.handshake("127.0.0.1:1111");
    await served.client.handshake();
    await served.client.call("attach", new plugin.PluginAttach().setAddress("127.0.0.1:2222"));
    expect(served.attached).to.deep.equal(["127.0.0.1:1111", "127.0.0.1:2222"]);
  });

  it("tells its version and its schema, of which it knows no other version", async () => {
    const info = await served.client.call<Empty, plugin.PluginInfo>("getPluginInfo", new Empty());
    expect(info.getVersion()).to.equal(VERSION);
    const schema = (version: number) =>
      served.client.call<unknown, pb.GetSchemaResponse>(
        "getSchema",
        new pb.GetSchemaRequest().setVersion(version),
      );
    expect((await schema(0)).getSchema()).to.equal(JSON.stringify(createSchema()));
    expect((await refusal(schema(1))).code).to.equal(status.INVALID_ARGUMENT);
  });

  it("maps nothing of another ecosystem, and answers what it does not serve with UNIMPLEMENTED", async () => {
    const key = new pb.GetMappingRequest().setKey("terraform");
    const mapping = await served.client.call<unknown, pb.GetMappingResponse>("getMapping", key);
    expect(mapping.toObject()).to.deep.equal({ provider: "", data: "" });
    const { code } = await refusal(served.client.call("construct", new pb.ConstructRequest()));
    expect(code).to.equal(status.UNIMPLEMENTED);
  });

  it("reads values as deep as an engine sends them", async () => {
    const deep = Array.from({ length: 1000 }).reduce<object>((inner) => ({ a: inner }), {});
    const { failures } = await served.client.check({ iamToken: deep });
    expect(failures[0]?.reason).to.contain("iamToken.a");
  });

  it("answers as a call ended though the engine cancels while it still takes the log of it", async () => {
    let take = (): void => undefined;
    let asked = 0;
    const other = await servePlugin({}, () => {
      asked += 1;
      return asked === 1 ? new Promise<void>((done) => (take = done)) : Promise.resolve();
    });
    const call = other.client.checkConfig({});
    while (asked === 0) await new Promise((done) => setTimeout(done, 5));
    await other.client.call("cancel", new Empty());
    take();
    expect((await call).failures).to.deep.equal([]);
    await other.close();
  });

  it("answers with an error once the engine has taken the log of it", async () => {
    let take: (() => void) | undefined;
    const other = await servePlugin({}, () => new Promise<void>((done) => (take = done)));
    let answered = false;
    const refused = refusal(other.client.invoke("getNothing")).finally(() => (answered = true));
    await until(() => take !== undefined, 2_000);
    await delay(50);
    expect(answered).to.equal(false);
    take?.();
    await refused;
    await other.close();
  });

  it("answers what is under way when it ends", async () => {
    let isAsked = false;
    const deaf: Method = () => ((isAsked = true), new Promise(() => undefined));
    const { log } = testContext();
    const { port, close } = await serve(
      () => new Map([["/t/Deaf", deaf]]),
      log,
      () => Promise.resolve(),
    );
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    const refused = failureOf(callBytes(client, "/t/Deaf"));
    await until(() => isAsked, 2_000);
    await close();
    expect(await refused).to.include({ code: status.CANCELLED, details: "the operation was cancelled" });
    client.close();
  });

  it("answers a call without arguments, as engines send them", async () => {
    const request = new pb.InvokeRequest().setTok("yciam:index:getIamToken");
    expect((await refusal(served.client.call("invoke", request))).code).to.equal(status.FAILED_PRECONDITION);
  });
});
