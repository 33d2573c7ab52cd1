import { ChannelCredentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

/** Plain JavaScript as it travels: secrets and unknowns in Pulumi's own form. */
export type Wire = Readonly<Record<string, unknown>>;

type Unary<Q, A> = (
  request: Q,
  metadata: Metadata,
  callback: (error: ServiceError | null, answer: A) => void,
) => { cancel(): void };

const URN = "urn:pulumi:test::project::yciam:index:IamToken::kept";
const PROVIDER_URN = "urn:pulumi:test::project::pulumi:providers:yciam::default";

/** Talks to a plugin as the engine does: real gRPC over loopback. */
export class PluginClient {
  readonly raw: ResourceProviderClient;

  constructor(port: number) {
    this.raw = new ResourceProviderClient(`127.0.0.1:${port}`, ChannelCredentials.createInsecure());
  }

  /** One call; rejects with gRPC's own error. Aborting the signal cancels it. */
  call<Q, A>(method: keyof ResourceProviderClient, request: Q, signal?: AbortSignal): Promise<A> {
    return new Promise((done, fail) => {
      const unary = (this.raw[method] as Unary<Q, A>).bind(this.raw);
      const call = unary(request, new Metadata(), (error, answer) =>
        error === null ? done(answer) : fail(error),
      );
      signal?.addEventListener("abort", () => call.cancel());
    });
  }

  handshake(engineAddress = ""): Promise<pb.ProviderHandshakeResponse> {
    const request = new pb.ProviderHandshakeRequest().setEngineAddress(engineAddress);
    return this.call("handshake", request.setInvokeWithPreview(true));
  }

  configure(inputs: Wire = {}, urn = PROVIDER_URN): Promise<pb.ConfigureResponse> {
    const request = new pb.ConfigureRequest().setUrn(urn).setArgs(struct(inputs));
    return this.call("configure", request.setAcceptsecrets(true));
  }

  async checkConfig(news: Wire, olds: Wire = {}) {
    const request = new pb.CheckRequest().setUrn(PROVIDER_URN).setNews(struct(news)).setOlds(struct(olds));
    return checked(await this.call("checkConfig", request));
  }

  async diffConfig(olds: Wire, news: Wire) {
    return diffed(await this.call("diffConfig", pair(new pb.DiffRequest().setUrn(PROVIDER_URN), olds, news)));
  }

  async invoke(name: string, args: Wire = {}, signal?: AbortSignal, preview = true) {
    const token = name.includes(":") ? name : `yciam:index:${name}`;
    const request = new pb.InvokeRequest().setTok(token).setArgs(struct(args)).setPreview(preview);
    const answer = await this.call<unknown, pb.InvokeResponse>("invoke", request, signal);
    return { result: plain(answer.getReturn()), failures: failures(answer.getFailuresList()) };
  }

  async check(news: Wire, urn = URN) {
    return checked(await this.call("check", new pb.CheckRequest().setUrn(urn).setNews(struct(news))));
  }

  async diff({ olds, news }: { olds: Wire; news: Wire }, state: Wire) {
    const request = new pb.DiffRequest().setUrn(URN).setOlds(struct(state));
    return diffed(await this.call("diff", pair(request, olds, news)));
  }

  async create(inputs: Wire, preview = false, urn = URN): Promise<{ id: string; state: Wire }> {
    const request = new pb.CreateRequest().setUrn(urn).setProperties(struct(inputs)).setPreview(preview);
    const answer = await this.call<unknown, pb.CreateResponse>("create", request);
    return { id: answer.getId(), state: plain(answer.getProperties()) };
  }

  async update({ olds, news }: { olds: Wire; news: Wire }, state: Wire, preview = false): Promise<Wire> {
    const request = new pb.UpdateRequest().setUrn(URN).setOlds(struct(state)).setPreview(preview);
    const answer = await this.call<unknown, pb.UpdateResponse>("update", pair(request, olds, news));
    return plain(answer.getProperties());
  }

  async read(id: string, state?: Wire, inputs?: Wire): Promise<{ id: string; state: Wire; inputs: Wire }> {
    const request = new pb.ReadRequest().setUrn(URN).setId(id);
    request.setProperties(state && struct(state)).setInputs(inputs && struct(inputs));
    const answer = await this.call<unknown, pb.ReadResponse>("read", request);
    return { id: answer.getId(), state: plain(answer.getProperties()), inputs: plain(answer.getInputs()) };
  }

  delete(inputs: Wire, state: Wire): Promise<Empty> {
    const request = new pb.DeleteRequest().setUrn(URN).setId("id");
    return this.call("delete", request.setOldInputs(struct(inputs)).setProperties(struct(state)));
  }

  close(): void {
    this.raw.close();
  }
}

/** The refusal of a call that has to fail. */
export async function refusal(work: Promise<unknown>): Promise<{ code: number; details: string }> {
  return work.then(
    (value) => Promise.reject(new Error(`expected a refusal, and got ${JSON.stringify(value)}`)),
    ({ code, details }: ServiceError) => ({ code, details }),
  );
}

function struct(properties: Wire): Struct {
  return Struct.fromJavaScript(properties as { [key: string]: JavaScriptValue });
}

function pair(request: pb.DiffRequest | pb.UpdateRequest, olds: Wire, news: Wire) {
  return request.setId("id").setOldInputs(struct(olds)).setNews(struct(news));
}

function plain(properties: Struct | undefined): Wire {
  return properties === undefined ? {} : properties.toJavaScript();
}

function failures(list: readonly pb.CheckFailure[]) {
  return list.map((failure) => failure.toObject());
}

function checked(answer: pb.CheckResponse) {
  return { inputs: plain(answer.getInputs()), failures: failures(answer.getFailuresList()) };
}

/** What differs, and for inputs how: `ADD!`, `DELETE!` or `UPDATE!`. */
function diffed(answer: pb.DiffResponse) {
  const { changes, replacesList, diffsList, detaileddiffMap } = answer.toObject();
  const kinds = Object.keys(pb.PropertyDiff.Kind);
  const detail = detaileddiffMap.map(([name, { kind, inputdiff }]): [string, string] => [
    name,
    `${kinds[kind]}${inputdiff ? "!" : ""}`,
  ]);
  return {
    changes: changes === pb.DiffResponse.DiffChanges.DIFF_SOME,
    replaces: replacesList,
    names: diffsList,
    detail: Object.fromEntries(detail),
  };
}
