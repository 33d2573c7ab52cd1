import { Server, type ServerUnaryCall, ServerCredentials, type sendUnaryData, status } from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { VERSION } from "../core/words/version";
import { outputs } from "../rows";
import type { Configuration } from "./configuration";
import { StatusError, toStatus } from "./errors";
import { invoke, pending } from "./functions";
import { InFlight } from "./in-flight";
import * as resource from "./resource";
import { toCheckResponse, toDiffResponse, toFailures } from "./responses";
import { createSchema } from "./schema/index";
import { decodeProperties, encodeProperties, type Properties } from "./values";

/** The largest message, in bytes, as Pulumi itself sets it. Source: pulumi sdk/go/common/util/rpcutil. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** What the service needs of the process around it. */
export interface Surroundings {
  readonly configuration: Configuration;
  /** Sends the log to an engine from now on. */
  readonly attach: (address: string) => void;
  /** Waits until what was logged has reached the engine. */
  readonly flush: () => Promise<void>;
}

/** A running plugin. */
export interface Running {
  /** The port on 127.0.0.1. */
  readonly port: number;
  /** Aborts what is in flight and stops listening. */
  readonly close: () => void;
}

/** Serves the plugin on a free port of 127.0.0.1. It stays on grpc-js: Pulumi's own message classes are made for it. */
export async function serve(surroundings: Surroundings): Promise<Running> {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  const inFlight = new InFlight();
  server.addService(ResourceProviderService, createService(surroundings, inFlight));
  const port = await new Promise<number>((done, fail) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? done(bound) : fail(error),
    );
  });
  return {
    port,
    close: () => {
      inFlight.abort();
      server.forceShutdown();
    },
  };
}

type Handler<Q, A> = (call: ServerUnaryCall<Q, A>, done: sendUnaryData<A>) => void;

function createService(surroundings: Surroundings, inFlight: InFlight) {
  const { configuration } = surroundings;
  const unary =
    <Q, A>(work: (request: Q, signal: AbortSignal) => A | Promise<A>): Handler<Q, A> =>
    (call, done) => {
      const onCancelled = (abort: () => void) => void call.on("cancelled", abort);
      const answered = inFlight.run(onCancelled, (signal) =>
        answer(() => work(call.request, signal), signal, surroundings),
      );
      void answered.then(
        (reply) => done(null, reply),
        (error: StatusError) => done({ code: error.code, details: error.details }),
      );
    };
  return {
    ...aboutPlugin(surroundings, unary),
    ...aboutConfiguration(configuration, unary),
    ...aboutResource(configuration, unary),
    invoke: unary(async (request: pb.InvokeRequest, signal) => {
      configuration.context.log.debug(`invoke ${request.getTok()}`, { preview: request.getPreview() });
      const answer = await invoke(
        configuration,
        {
          token: request.getTok(),
          args: decodeProperties(request.getArgs()),
          preview: request.getPreview(),
        },
        signal,
      );
      if ("failures" in answer) return new pb.InvokeResponse().setFailuresList(toFailures(answer.failures));
      return new pb.InvokeResponse().setReturn(encodeProperties(answer.result));
    }),
    // An engine cancels at the end of every run. One that attached to this process comes back, so later calls are served.
    cancel: unary(() => {
      inFlight.abort();
      configuration.release();
      return new Empty();
    }),
  };
}

type Pair = [Properties, Properties];

type Unary = <Q, A>(work: (request: Q, signal: AbortSignal) => A | Promise<A>) => Handler<Q, A>;

async function answer<A>(
  work: () => A | Promise<A>,
  signal: AbortSignal,
  { configuration, flush }: Surroundings,
): Promise<A> {
  try {
    return await work();
  } catch (error) {
    throw toStatus(error, configuration.context.spelling, signal);
  } finally {
    // The engine drops what it hears of a call after the answer.
    await flush();
  }
}

/** What is known without any configuration. */
function aboutPlugin({ attach }: Surroundings, unary: Unary) {
  return {
    handshake: unary((request: pb.ProviderHandshakeRequest) => {
      if (request.getEngineAddress() !== "") attach(request.getEngineAddress());
      return new pb.ProviderHandshakeResponse().setAcceptSecrets(true);
    }),
    attach: unary((request: plugin.PluginAttach) => {
      attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary((_request: Empty) => new plugin.PluginInfo().setVersion(VERSION)),
    getSchema: unary((request: pb.GetSchemaRequest) => {
      if (request.getVersion() !== 0)
        throw new StatusError(status.INVALID_ARGUMENT, "only version 0 of schemas is known here");
      return new pb.GetSchemaResponse().setSchema(JSON.stringify(createSchema()));
    }),
    getMapping: unary((_request: pb.GetMappingRequest) => new pb.GetMappingResponse()),
    getMappings: unary((_request: pb.GetMappingsRequest) => new pb.GetMappingsResponse()),
  };
}

function aboutConfiguration(configuration: Configuration, unary: Unary) {
  return {
    checkConfig: unary((request: pb.CheckRequest) =>
      toCheckResponse(configuration.check(decodeProperties(request.getNews()))),
    ),
    diffConfig: unary((request: pb.DiffRequest) => {
      const [olds, news] = [request.getOldInputs(), request.getNews()].map(decodeProperties) as Pair;
      const names = configuration.diff(olds, news);
      return toDiffResponse(Object.fromEntries(names.map((name) => [name, "input"])), olds, news);
    }),
    configure: unary((request: pb.ConfigureRequest) => {
      configuration.configure(decodeProperties(request.getArgs()), request.getUrn());
      return new pb.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
  };
}

function aboutResource(configuration: Configuration, unary: Unary) {
  return {
    check: unary((request: pb.CheckRequest) => {
      assertKnown(request.getUrn());
      return toCheckResponse(resource.check(configuration, decodeProperties(request.getNews())));
    }),
    diff: unary((request: pb.DiffRequest) => {
      const [olds, news] = [request.getOldInputs(), request.getNews()].map(decodeProperties) as Pair;
      const changes = resource.diff(configuration, { olds, news }, decodeProperties(request.getOlds()));
      return toDiffResponse(changes, olds, news);
    }),
    create: unary(async (request: pb.CreateRequest, signal) => {
      assertKnown(request.getUrn());
      const response = new pb.CreateResponse();
      if (request.getPreview()) return response.setProperties(encodeProperties(pending(outputs)));
      const made = await resource.create(configuration, decodeProperties(request.getProperties()), signal);
      return response.setId(made.id).setProperties(encodeProperties(made.result));
    }),
    read: unary(async (request: pb.ReadRequest, signal) => {
      assertKnown(request.getUrn());
      const [inputs, state] = [request.getInputs(), request.getProperties()].map(decodeProperties) as Pair;
      const found = await resource.read(configuration, { inputs, state }, signal);
      return new pb.ReadResponse()
        .setId(request.getId())
        .setProperties(encodeProperties(found))
        .setInputs(request.getInputs());
    }),
    update: unary(async (request: pb.UpdateRequest, signal) => {
      const response = new pb.UpdateResponse();
      if (request.getPreview()) return response.setProperties(encodeProperties(pending(outputs)));
      const made = await resource.create(configuration, decodeProperties(request.getNews()), signal);
      return response.setProperties(encodeProperties(made.result));
    }),
    // Others may hold the same token, so it is left alive.
    delete: unary((_request: pb.DeleteRequest) => new Empty()),
  };
}

/** The type stands in the URN: `urn:pulumi:stack::project::parent$type::name`. */
function assertKnown(urn: string): void {
  const type = urn.split("::")[2]?.split("$").pop();
  if (type === resource.IAM_TOKEN) return;
  throw new StatusError(status.INVALID_ARGUMENT, `there is no resource ${type}`);
}
