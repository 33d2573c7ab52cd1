import { expect } from "chai";
import { inspect } from "node:util";
import { isUnavailable, type Resolver, type Unavailable } from "../../provider/core/chain/resolver";
import { camelCaseSpelling, renderText } from "../../provider/core/words/message";
import { findCanaries, type Trace } from "../support/canary";
import { endsWithin } from "../support/loop-time";
import {
  asksNobody,
  openInVoid,
  optionPaths,
  refusal,
  secretValues,
  tracesOf,
  variables,
  watched,
} from "./resolver-evidence";
import { open, type Situation, type Subject } from "./resolver-subject";

/** One rule that every resolver obeys. Its check rejects for one that does not. */
export interface Law {
  readonly name: string;
  check(subject: Subject): Promise<void>;
}

const documented: Law = {
  name: "has a name in camelCase, a summary, and a sentence for every option",
  check: async ({ resolver: { name, summary, options } }) => {
    expect(name).to.match(/^[a-z][A-Za-z0-9]*$/);
    expect(summary, "summary").to.match(/^[A-Z].{15,}\.$/);
    for (const [option, { doc, env = [] }] of Object.entries(options)) {
      expect(option).to.match(/^[a-z][A-Za-z0-9]*$/);
      expect(doc, `doc of ${option}`).to.match(/^\S.{10,}\.$/);
      for (const variable of env.map((item) => (typeof item === "string" ? item : item.name)))
        expect(variable).to.match(/^[A-Z][A-Z0-9_]+$/);
    }
  },
};

const quietWhenEmpty: Law = {
  name: "is unavailable in an empty environment, and asks nobody",
  check: async (subject) => {
    for (const dryRun of [true, false]) {
      const { answer, touched } = await openInVoid(subject.resolver, dryRun);
      expect(isUnavailable(answer), "is unavailable").to.equal(true);
      expect(touched.filter((host) => !subject.probes?.includes(host))).to.deep.equal([]);
    }
  },
};

const namesTheRemedy: Law = {
  name: "says what to set when it is unavailable",
  check: async ({ resolver }) => {
    const { answer } = await openInVoid(resolver, false);
    const unavailable = answer as Unavailable;
    const [reason, remedy] = [unavailable.reason, unavailable.remedy].map((text) =>
      renderText(text, camelCaseSpelling),
    ) as [string, string];
    const names = [...optionPaths(resolver), ...variables(resolver), resolver.name];
    expect(remedy).to.satisfy((text: string) => names.some((name) => text.includes(name)));
    for (const text of [reason, remedy]) expect(text).to.match(/^\S.*[^.]$/);
  },
};

const stopsAtMalformed: Law = {
  name: "throws for a malformed value, and names the option or the variable",
  check: async ({ resolver, malformed }) => {
    expect(Object.keys(malformed)).to.have.members(Object.keys(resolver.options));
    for (const [name, { env = [] }] of Object.entries(resolver.options)) {
      const path = `${resolver.name}.${name}`;
      const cases = [{ value: { not: "a value" } }, { value: "" }, ...(malformed[name] ?? [])];
      for (const { value, options, ...rest } of cases as (Situation & { value: unknown })[]) {
        const error = await refusal(resolver, { ...rest, options: { ...options, [name]: value } });
        expect(error.message, `${path} = ${inspect(value)}`).to.include(path);
        const [variable] = env.filter((item) => typeof item === "string");
        if (variable === undefined || typeof value !== "string" || value === "") continue;
        const byVariable = { ...rest, options: { ...options, [name]: undefined } };
        expect(
          (await refusal(resolver, { ...byVariable, env: { ...rest.env, [variable]: value } })).message,
        ).to.include(variable);
      }
    }
  },
};

const keepsSecrets: Law = {
  name: "shows no secret in an error, a log, an id or an inspection",
  check: async (subject) => {
    const { resolver, working, other, refused, malformed } = subject;
    const wrong = Object.entries(malformed).flatMap(([name, cases]) =>
      cases.map(({ value, ...rest }) => ({ ...rest, options: { ...rest.options, [name]: value } })),
    );
    const traces: Trace[] = [];
    const count = (where: string) => traces.filter((trace) => trace.where === where).length;
    for (const situation of [working, other, ...(refused ? [refused] : []), ...wrong]) {
      traces.push(...(await tracesOf(resolver, situation, {})));
      traces.push(...(await tracesOf(resolver, situation, { dryRun: true })));
    }
    expect(count("token"), "tokens given").to.equal(2);
    expect(count("refusal"), "refusals").to.be.at.least(wrong.length + (refused ? 1 : 0));
    const values = [...subject.secrets(), ...secretValues(resolver, wrong)];
    const canaries = values.map((value, index) => ({ name: `secret ${index}`, value }));
    expect(findCanaries(canaries, traces)).to.deep.equal([]);
  },
};

const obeysAbort: Law = {
  name: "obeys an abort within 100 ms",
  check: async ({ resolver, hanging, working }) => {
    if (hanging === undefined) return asksNobody(resolver, working);
    const controller = new AbortController();
    const { outcome, ask } = open(resolver, hanging, { signal: controller.signal });
    const asked = hanging.asked();
    const answer = outcome.then<object>((source) => (isUnavailable(source) ? source : ask(source)));
    await Promise.race([asked, answer]);
    const reason = new Error("the caller went away");
    controller.abort(reason);
    const end = answer.catch((error: unknown) => error);
    expect(await endsWithin(100, end)).to.equal(true);
    expect(await end).to.equal(reason);
  },
};

const explainsForFree: Law = {
  name: "asks for no token when only an explanation is wanted",
  check: async ({ resolver, working }) => {
    const asked: string[] = [];
    const { outcome } = open(resolver, watched(working, asked), { dryRun: true });
    expect(isUnavailable(await outcome)).to.equal(false);
    const harmless = (what: string) => !/token|^program/.test(what) || what === "program version";
    expect(asked.filter((what) => !harmless(what))).to.deep.equal([]);
  },
};

const hasAnIdentity: Law = {
  name: "has one id for one credential, and another for another",
  check: async ({ resolver, working, other }) => {
    const idOf = async (situation: Situation) => {
      const source = await open(resolver, situation).outcome;
      return isUnavailable(source) ? expect.fail("unavailable") : source.id;
    };
    expect(await idOf(working)).to.equal(await idOf(working));
    expect(await idOf(working)).not.to.equal(await idOf(other));
  },
};

/** All laws for one resolver; that no two have one name is a law for the list. */
export const laws: readonly Law[] = [
  documented,
  quietWhenEmpty,
  namesTheRemedy,
  stopsAtMalformed,
  keepsSecrets,
  obeysAbort,
  explainsForFree,
  hasAnIdentity,
];

/** The names that more than one resolver has. */
export function sharedNames(resolvers: readonly Resolver[]): readonly string[] {
  const names = resolvers.map(({ name }) => name.toLowerCase());
  return names.filter((name, index) => names.indexOf(name) !== index);
}
