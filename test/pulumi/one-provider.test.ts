import { expect } from "chai";
import { status } from "@grpc/grpc-js";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { refusal } from "./support/client";
import { type Served, servePlugin } from "./support/serve";

describe("a plugin that engines attach to", () => {
  let plugin: Served;
  beforeEach(async () => (plugin = await servePlugin()));
  afterEach(() => plugin.close());

  const configure = (name: string, token: string) => {
    const args = Struct.fromJavaScript({ iamToken: { token } });
    const urn = `urn:pulumi:test::project::pulumi:providers:yciam::${name}`;
    return plugin.client.call("configure", new pb.ConfigureRequest().setUrn(urn).setArgs(args));
  };

  it("refuses a second provider with other options, and keeps the first", async () => {
    await configure("one", "t1.one.one");
    const { result: before } = await plugin.client.invoke("getIamTokenInfo");
    const { code, details } = await refusal(configure("two", "t1.two.two"));
    expect(code).to.equal(status.FAILED_PRECONDITION);
    expect(details).to.contain("one process serves one provider").and.not.contain("t1.");
    const { result: after } = await plugin.client.invoke("getIamTokenInfo");
    expect(after.fingerprint).to.equal(before.fingerprint);
  });

  it("takes a second one with the same options, and new options of the same one", async () => {
    await configure("one", "t1.one.one");
    await configure("two", "t1.one.one");
    await configure("two", "t1.two.two");
  });

  it("takes another one in the next run", async () => {
    await configure("one", "t1.one.one");
    await plugin.client.cancel();
    await configure("two", "t1.two.two");
  });
});
