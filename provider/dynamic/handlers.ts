import * as pulumi from "@pulumi/pulumi";
import { createApp } from "../app";
import type { Context } from "../core/context";
import { isObject } from "../core/words/json";
import { Secret } from "../core/words/secret";
import { findMistake, type Input, type Inputs, UNKNOWN } from "../inputs";
import * as resource from "../resource";
import { outputs } from "../rows";

/** A resource's properties as the dynamic provider gets them: plain values, secrets already opened. */
export type Properties = Readonly<Record<string, unknown>>;

/** One property that cannot be used, as Pulumi reports it. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** What Pulumi's dynamic provider calls, over the life of one resource `IamToken`. */
export interface Handlers {
  /** Checks the inputs as far as they are known. */
  readonly check: (news: Properties) => Promise<{ inputs: Properties; failures: Failure[] }>;
  /** Gets the token that the resource keeps. */
  readonly create: (inputs: Properties) => Promise<{ id: string; outs: Properties }>;
  /** Whether an input changed, or the kept token lives shorter than asked. */
  readonly diff: (id: string, olds: Properties, news: Properties) => Promise<{ changes: boolean }>;
  /** Renews the token in place. */
  readonly update: (id: string, olds: Properties, news: Properties) => Promise<{ outs: Properties }>;
  /** The resource as it was kept, or with a new token when a refresh finds this one near its end. */
  readonly read: (id: string, olds: Properties) => Promise<{ id: string; props: Properties }>;
  /** Leaves the token alive, since others may hold the same one. */
  readonly remove: () => Promise<void>;
}

/** The handlers for one process. */
export function createHandlers(context: () => Context): Handlers {
  const host: resource.ResourceHost = {
    get context() {
      return context();
    },
    over: (own) => own,
    use: (config, work) => work(createApp(config, context())),
  };
  const create = async (properties: Properties) => {
    const { id, result } = await resource.create(host, toInputs(properties));
    return { id, outs: { ...properties, ...revealed(result) } };
  };
  return {
    create,
    check: async (news) => {
      const mistake = findMistake(toInputs(news), context());
      // The engine prints the value of a named property, and this host cannot tell which values are secret.
      return {
        inputs: news,
        failures: mistake === undefined ? [] : [{ property: "", reason: mistake.reason }],
      };
    },
    diff: async (_id, olds, news) => {
      const inputs = { olds: toInputs(olds), news: toInputs(news) };
      return { changes: Object.keys(resource.diff(host, inputs, olds)).length > 0 };
    },
    update: async (_id, _olds, news) => ({ outs: (await create(news)).outs }),
    read: async (id, olds) => {
      const result = await resource.renew(host, toInputs(olds), olds);
      return { id, props: { ...olds, ...revealed(result ?? {}) } };
    },
    remove: async () => undefined,
  };
}

/** The inputs among the properties: not the outputs, and not what Pulumi keeps there for itself. */
function toInputs(properties: Properties): Inputs {
  const own = Object.entries(properties).filter(([name]) => !(name in outputs) && !name.startsWith("__"));
  return Object.fromEntries(own.map(([name, value]) => [name, toInput(value)]));
}

function toInput(value: unknown): Input {
  if (value === pulumi.runtime.unknownValue) return UNKNOWN;
  if (Array.isArray(value)) return value.map(toInput);
  if (!isObject(value)) return value as Input;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toInput(inner)]));
}

function revealed(result: object): Properties {
  return Object.fromEntries(
    Object.entries(result).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Secret ? value.reveal() : value,
    ]),
  );
}
