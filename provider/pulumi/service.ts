import { VERSION } from "../core/words/version";
import { bind, type Handlers, type Method } from "../grpc/service";
import { Code, StatusError } from "../grpc/status";
import { outputs } from "../rows";
import type { Configuration } from "./configuration";
import { toStatus } from "./errors";
import { invoke, pending } from "./functions";
import { ResourceProviderDefinition } from "./generated/pulumi/provider";
import * as resource from "./resource";
import { toCheckResponse, toDiffResponse } from "./responses";
import { createSchema } from "./schema/index";
import { decodeProperties, encodeProperties } from "./values";

/** What the service needs of the process around it. */
export interface Surroundings {
  readonly configuration: Configuration;
  /** Sends the log to an engine from now on. */
  readonly attach: (address: string) => void;
}

type Service = Handlers<typeof ResourceProviderDefinition>;

/** The methods of Pulumi's provider protocol, by path. */
export function createMethods(
  surroundings: Surroundings,
  abortCalls: () => void,
): ReadonlyMap<string, Method> {
  const methods = bind(ResourceProviderDefinition, createService(surroundings, abortCalls));
  return new Map(Array.from(methods, ([path, method]) => [path, answering(method, surroundings)]));
}

function answering(method: Method, { configuration }: Surroundings): Method {
  return async (request, call) => {
    try {
      return await method(request, call);
    } catch (error) {
      throw toStatus(error, configuration.context.spelling);
    }
  };
}

function createService(surroundings: Surroundings, abortCalls: () => void): Service {
  const { configuration } = surroundings;
  return {
    ...aboutPlugin(surroundings),
    ...aboutConfiguration(configuration),
    ...aboutResource(configuration),
    invoke: async ({ tok: token = "", args, preview = false }, { signal }) => {
      configuration.context.log.debug(`invoke ${token}`, { preview });
      const answer = await invoke(configuration, { token, args: decodeProperties(args), preview }, signal);
      if ("failures" in answer) return { failures: [...answer.failures] };
      return { return: encodeProperties(answer.result) };
    },
    // An engine cancels at the end of every run. One that attached to this process comes back, so later calls are served.
    cancel: async () => {
      abortCalls();
      configuration.release();
      return {};
    },
  };
}

/** What is known without any configuration. */
function aboutPlugin({ attach }: Surroundings) {
  return {
    handshake: async ({ engineAddress = "" }) => {
      if (engineAddress !== "") attach(engineAddress);
      return { acceptSecrets: true };
    },
    attach: async ({ address = "" }) => {
      attach(address);
      return {};
    },
    getPluginInfo: async () => ({ version: VERSION }),
    getSchema: async ({ version }) => {
      if (version !== 0)
        throw new StatusError(Code.INVALID_ARGUMENT, "only version 0 of schemas is known here");
      return { schema: JSON.stringify(createSchema()) };
    },
    getMapping: async () => ({}),
    getMappings: async () => ({}),
  } satisfies Partial<Service>;
}

function aboutConfiguration(configuration: Configuration) {
  return {
    checkConfig: async ({ news }) => toCheckResponse(configuration.check(decodeProperties(news))),
    diffConfig: async ({ oldInputs, news }) => {
      const [before, after] = [decodeProperties(oldInputs), decodeProperties(news)];
      const names = configuration.diff(before, after);
      return toDiffResponse(Object.fromEntries(names.map((name) => [name, "input"])), before, after);
    },
    configure: async ({ args, urn }) => {
      configuration.configure(decodeProperties(args), urn);
      return { acceptSecrets: true, supportsPreview: true };
    },
  } satisfies Partial<Service>;
}

function aboutResource(configuration: Configuration) {
  return {
    check: async ({ urn, news }) => {
      assertKnown(urn);
      return toCheckResponse(resource.check(configuration, decodeProperties(news)));
    },
    diff: async ({ oldInputs, news, olds }) => {
      const inputs = { olds: decodeProperties(oldInputs), news: decodeProperties(news) };
      const changes = resource.diff(configuration, inputs, decodeProperties(olds));
      return toDiffResponse(changes, inputs.olds, inputs.news);
    },
    create: async ({ urn, properties, preview }, { signal }) => {
      assertKnown(urn);
      if (preview) return { properties: encodeProperties(pending(outputs)) };
      const made = await resource.create(configuration, decodeProperties(properties), signal);
      return { id: made.id, properties: encodeProperties(made.result) };
    },
    read: async ({ id, urn, inputs, properties }, { signal }) => {
      assertKnown(urn);
      const known = { inputs: decodeProperties(inputs), state: decodeProperties(properties) };
      const found = await resource.read(configuration, known, signal);
      return { id, properties: encodeProperties(found), inputs };
    },
    update: async ({ news, preview }, { signal }) => {
      if (preview) return { properties: encodeProperties(pending(outputs)) };
      const made = await resource.create(configuration, decodeProperties(news), signal);
      return { properties: encodeProperties(made.result) };
    },
    // Others may hold the same token, so it is left alive.
    delete: async () => ({}),
  } satisfies Partial<Service>;
}

/** The type stands in the URN: `urn:pulumi:stack::project::parent$type::name`. */
function assertKnown(urn = ""): void {
  const type = urn.split("::")[2]?.split("$").pop();
  if (type === resource.IAM_TOKEN) return;
  throw new StatusError(Code.INVALID_ARGUMENT, `there is no resource ${type}`);
}
