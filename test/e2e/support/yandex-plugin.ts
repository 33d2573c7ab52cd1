#!/usr/bin/env node
// A Pulumi plugin that stands in for a cloud's: all that it does to a network needs a token that is alive.
import { Server, type ServerUnaryCall, ServerCredentials, type sendUnaryData, status } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { decodeProperties, open, openAll } from "../../../provider/pulumi/values";

const TEXT = { type: "string" } as const;
const NAME = { properties: { name: TEXT }, required: ["name"] };
const TOKEN = { token: { ...TEXT, secret: true } };
const SCHEMA = {
  name: "yandex",
  version: "0.0.1",
  config: { variables: TOKEN },
  provider: { inputProperties: TOKEN },
  resources: { "yandex:index:VpcNetwork": { ...NAME, inputProperties: NAME.properties } },
};

let token: string | undefined;

/** Asks the API as this token's owner, as any call of a cloud's provider does. */
async function ask(work: string): Promise<void> {
  // Without a token in its configuration the plugin reads the environment's, as Yandex's own does.
  const bearer = token ?? process.env["YC_TOKEN"] ?? "";
  const url = `${process.env["TEST_CLOUD_URL"]}/resource-manager/v1/clouds`;
  const reply = await fetch(url, { headers: { authorization: `Bearer ${bearer}` } });
  if (!reply.ok) throw new Error(`cannot ${work} the network: HTTP ${reply.status} ${await reply.text()}`);
}

type Handler<Q, A> = (request: Q) => A | Promise<A>;

const unary =
  <Q, A>(work: Handler<Q, A>) =>
  ({ request }: ServerUnaryCall<Q, A>, done: sendUnaryData<A>): void =>
    void Promise.resolve(request)
      .then(work)
      .then(
        (answer) => done(null, answer),
        (error: Error) => done({ code: status.UNKNOWN, details: error.message }),
      );

const checked = (news: Struct | undefined) => new pb.CheckResponse().setInputs(news);

/** What has changed; none of it needs a replacement. */
function compared(request: pb.DiffRequest): pb.DiffResponse {
  const [olds, news] = [request.getOldInputs(), request.getNews()].map((wire) =>
    JSON.stringify(openAll(decodeProperties(wire?.toJavaScript()))),
  );
  const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
  return new pb.DiffResponse().setChanges(olds === news ? DIFF_NONE : DIFF_SOME);
}

const service = {
  getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(SCHEMA.version)),
  getSchema: unary(() => new pb.GetSchemaResponse().setSchema(JSON.stringify(SCHEMA))),
  checkConfig: unary((request: pb.CheckRequest) => checked(request.getNews())),
  diffConfig: unary(compared),
  configure: unary((request: pb.ConfigureRequest) => {
    const given = open(decodeProperties(request.getArgs()?.toJavaScript())["token"] ?? null);
    token = typeof given === "string" ? given : undefined;
    return new pb.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
  }),
  check: unary((request: pb.CheckRequest) => checked(request.getNews())),
  diff: unary(compared),
  create: unary(async (request: pb.CreateRequest) => {
    if (!request.getPreview()) await ask("create");
    return new pb.CreateResponse().setId("enp1").setProperties(request.getProperties());
  }),
  read: unary(async (request: pb.ReadRequest) => {
    await ask("read");
    return new pb.ReadResponse()
      .setId(request.getId())
      .setProperties(request.getProperties())
      .setInputs(request.getInputs());
  }),
  update: unary(async (request: pb.UpdateRequest) => {
    if (!request.getPreview()) await ask("update");
    return new pb.UpdateResponse().setProperties(request.getNews());
  }),
  delete: unary(async () => {
    await ask("delete");
    return new Empty();
  }),
  cancel: unary(() => new Empty()),
};

const server = new Server();
server.addService(ResourceProviderService, service);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
