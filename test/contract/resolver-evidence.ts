import { expect } from "chai";
import { isAbsolute } from "node:path";
import { inspect } from "node:util";
import type { Context } from "../../provider/core/context";
import { ServiceError, YciamError } from "../../provider/core/words/errors";
import { camelCaseSpelling } from "../../provider/core/words/message";
import { isUnavailable, type Resolver } from "../../provider/core/chain/resolver";
import type { Trace } from "../support/canary";
import { testContext } from "../support/context";
import { open, type OpenOptions, type Situation } from "./resolver-subject";

/** Opens a resolver, and asks its source, where nothing is configured and nothing answers. */
export async function openInVoid(resolver: Resolver, dryRun: boolean) {
  const touched: string[] = [];
  const env = { YC_METADATA_ADDR: undefined };
  const { outcome, ask } = open(resolver, { env, context: deadOutside(touched) }, { named: false, dryRun });
  const source = await outcome;
  return { answer: isUnavailable(source) ? source : await ask(source), touched };
}

function deadOutside(touched: string[]): Partial<Context> {
  return {
    http: async ({ url }) => {
      touched.push(new URL(url).host);
      throw new ServiceError("nothing is there", "unreachable");
    },
    exec: async ([program]) => {
      touched.push(program);
      throw Object.assign(new Error("no programs here"), { code: "ENOENT" });
    },
  };
}

/** The real outside, with a note of what is asked of it. */
export function watched(situation: Situation, asked: string[]): Situation {
  const { http, exec } = testContext(situation.context);
  const context: Partial<Context> = {
    ...situation.context,
    http: (request) => (asked.push(new URL(request.url).pathname), http(request)),
    exec: (argv, options) => (asked.push(`program ${argv.slice(1).join(" ")}`), exec(argv, options)),
  };
  return { ...situation, context };
}

/** Fails for a resolver that asks the outside for its token. */
export async function asksNobody(resolver: Resolver, situation: Situation): Promise<void> {
  const asked: string[] = [];
  const { outcome, ask } = open(resolver, watched(situation, asked));
  const source = await outcome;
  if (!isUnavailable(source)) await ask(source);
  expect(asked, "asks the outside, so it must have a situation where that hangs").to.deep.equal([]);
}

/** The error that a situation ends with; fails when it ends well. */
export async function refusal(resolver: Resolver, situation: Situation): Promise<YciamError> {
  const { outcome, ask } = open(resolver, situation);
  const end = await outcome
    .then<object>((source) => (isUnavailable(source) ? source : ask(source)))
    .catch((e: unknown) => e);
  if (end instanceof YciamError) return end;
  throw new Error(`no refusal of ${inspect(situation)}, but ${inspect(end)}`);
}

/** All that a run leaves where somebody could read it. */
export async function tracesOf(
  resolver: Resolver,
  situation: Situation,
  options: OpenOptions,
): Promise<Trace[]> {
  const { context, outcome, ask } = open(resolver, situation, options);
  const traces: Trace[] = [];
  const add = (where: string, value: unknown) => traces.push({ where, text: printed(value) });
  try {
    const source = await outcome;
    add("source", source);
    if (isUnavailable(source) || options.dryRun === true) return traces;
    const answer = await ask(source);
    add(isUnavailable(answer) ? "refusal" : "token", answer);
  } catch (error) {
    add("refusal", error);
  } finally {
    add("log", context.logs);
  }
  return traces;
}

function printed(value: unknown): string {
  const deep = inspect(value, {
    depth: 20,
    showHidden: true,
    getters: true,
    maxArrayLength: null,
    maxStringLength: null,
  });
  const texts = value instanceof YciamError ? [value.stack, value.messageFor(camelCaseSpelling)] : [];
  return [deep, JSON.stringify(value), String(value), ...texts].join("\n");
}

/**
 * Malformed values of options that hold secrets are secrets themselves: a key with a slip of the pen. What is a path
 * all the same, where a path or a list of words is meant, may be shown.
 */
export function secretValues({ options: specs }: Resolver, situations: readonly Situation[]): string[] {
  return situations.flatMap(({ options = {} }) =>
    Object.entries(options).flatMap(([name, value]) => {
      const { kind, secret = kind === "secret" } = specs[name] ?? {};
      const texts = [value].flat().filter((text): text is string => typeof text === "string");
      const mayBeShown = (text: string) => text.length < 16 || (kind !== "secret" && isAbsolute(text));
      return secret ? texts.filter((text) => !mayBeShown(text)) : [];
    }),
  );
}

/** `resolver.option` for each option. */
export function optionPaths({ name, options }: Resolver): string[] {
  return Object.keys(options).map((option) => `${name}.${option}`);
}

/** Every variable of a resolver. */
export function variables({ options }: Resolver): string[] {
  return Object.values(options).flatMap(({ env = [] }) =>
    env.map((item) => (typeof item === "string" ? item : item.name)),
  );
}
