import { ChannelCredentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

/** Plain JavaScript as it travels: secrets and unknowns in Pulumi's own form. */
export type Wire = Readonly<Record<string, unknown>>;

/** What a call was refused with. */
export interface Refusal {
  readonly code: number;
  readonly details: string;
}

type Unary<Q, A> = (
  request: Q,
  metadata: Metadata,
  callback: (error: ServiceError | null, answer: A) => void,
) => { cancel(): void };

const TYPE = "yciam:index:IamToken";
const URN = `urn:pulumi:test::project::${TYPE}::kept`;
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
    const request = new pb.ProviderHandshakeRequest()
      .setEngineAddress(engineAddress)
      .setInvokeWithPreview(true);
    return this.call("handshake", request);
  }

  async schema(): Promise<Wire> {
    const answer = await this.call<unknown, pb.GetSchemaResponse>("getSchema", new pb.GetSchemaRequest());
    return JSON.parse(answer.getSchema()) as Wire;
  }

  configure(inputs: Wire = {}): Promise<pb.ConfigureResponse> {
    const request = new pb.ConfigureRequest().setArgs(struct(inputs)).setAcceptsecrets(true);
    return this.call("configure", request);
  }

  async checkConfig(news: Wire, olds: Wire = {}): Promise<Checked> {
    const request = new pb.CheckRequest().setUrn(PROVIDER_URN).setNews(struct(news)).setOlds(struct(olds));
    return checked(await this.call("checkConfig", request));
  }

  async diffConfig(olds: Wire, news: Wire): Promise<Diffed> {
    const request = new pb.DiffRequest().setUrn(PROVIDER_URN).setId("id");
    return diffed(await this.call("diffConfig", request.setOldInputs(struct(olds)).setNews(struct(news))));
  }

  async invoke(name: string, args: Wire = {}, signal?: AbortSignal): Promise<Invoked> {
    const token = name.includes(":") ? name : `yciam:index:${name}`;
    const request = new pb.InvokeRequest().setTok(token).setArgs(struct(args)).setPreview(true);
    const answer = await this.call<unknown, pb.InvokeResponse>("invoke", request, signal);
    return { result: plain(answer.getReturn()), failures: failures(answer.getFailuresList()) };
  }

  async check(news: Wire, urn = URN): Promise<Checked> {
    return checked(await this.call("check", new pb.CheckRequest().setUrn(urn).setNews(struct(news))));
  }

  async diff(inputs: { olds: Wire; news: Wire }, state: Wire): Promise<Diffed> {
    const request = new pb.DiffRequest().setUrn(URN).setId("id").setOlds(struct(state));
    return diffed(
      await this.call("diff", request.setOldInputs(struct(inputs.olds)).setNews(struct(inputs.news))),
    );
  }

  async create(inputs: Wire, preview = false, urn = URN): Promise<{ id: string; state: Wire }> {
    const request = new pb.CreateRequest().setUrn(urn).setProperties(struct(inputs)).setPreview(preview);
    const answer = await this.call<unknown, pb.CreateResponse>("create", request);
    return { id: answer.getId(), state: plain(answer.getProperties()) };
  }

  async update(inputs: { olds: Wire; news: Wire }, state: Wire, preview = false): Promise<Wire> {
    const request = new pb.UpdateRequest().setUrn(URN).setId("id").setOlds(struct(state)).setPreview(preview);
    request.setOldInputs(struct(inputs.olds)).setNews(struct(inputs.news));
    return plain((await this.call<unknown, pb.UpdateResponse>("update", request)).getProperties());
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

  cancel(): Promise<Empty> {
    return this.call("cancel", new Empty());
  }

  attach(address: string): Promise<Empty> {
    return this.call("attach", new plugin.PluginAttach().setAddress(address));
  }

  close(): void {
    this.raw.close();
  }
}

/** Inputs that were checked, and what is wrong with them. */
export interface Checked {
  readonly inputs: Wire;
  readonly failures: readonly Failure[];
}

/** One property that cannot be used. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** A function's answer. */
export interface Invoked {
  readonly result: Wire;
  readonly failures: readonly Failure[];
}

/** What differs, and for inputs how: `ADD!`, `DELETE!` or `UPDATE!`. */
export interface Diffed {
  readonly changes: boolean;
  readonly replaces: readonly string[];
  readonly names: readonly string[];
  readonly detail: Readonly<Record<string, string>>;
}

/** The refusal of a call that has to fail. */
export async function refusal(work: Promise<unknown>): Promise<Refusal> {
  const answer = await work.then(
    (value) => ({ value }),
    (error: ServiceError) => ({ error }),
  );
  if ("value" in answer) throw new Error(`expected a refusal, and got ${JSON.stringify(answer.value)}`);
  return { code: answer.error.code, details: answer.error.details };
}

function struct(properties: Wire): Struct {
  return Struct.fromJavaScript(properties as { [key: string]: JavaScriptValue });
}

function plain(properties: Struct | undefined): Wire {
  return properties === undefined ? {} : properties.toJavaScript();
}

function failures(list: readonly pb.CheckFailure[]): Failure[] {
  return list.map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
}

function checked(answer: pb.CheckResponse): Checked {
  return { inputs: plain(answer.getInputs()), failures: failures(answer.getFailuresList()) };
}

function diffed(answer: pb.DiffResponse): Diffed {
  const kinds = Object.entries(pb.PropertyDiff.Kind);
  const detail: Record<string, string> = {};
  answer.getDetaileddiffMap().forEach((diff, name) => {
    const kind = kinds.find(([, value]) => value === diff.getKind())?.[0] ?? "?";
    detail[name] = `${kind}${diff.getInputdiff() ? "!" : ""}`;
  });
  const changes = answer.getChanges() === pb.DiffResponse.DiffChanges.DIFF_SOME;
  return { changes, replaces: answer.getReplacesList(), names: answer.getDiffsList(), detail };
}
