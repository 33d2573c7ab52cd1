import { expect } from "chai";
import { CredentialError } from "../../provider/core/words/errors";
import { option, say } from "../../provider/core/words/message";
import { defineResolver, type Resolver, unavailable } from "../../provider/core/chain/resolver";
import { digest } from "../../provider/core/token/token";
import { secretValues } from "./resolver-evidence";
import { laws, sharedNames } from "./resolver-laws";
import type { Subject } from "./resolver-subject";
import { startWorld, type World } from "./resolver-world";

const TOKEN = "a-token-that-opens-everything-1";
const OTHER = "a-token-that-opens-everything-2";

const options = {
  token: { kind: "secret", env: ["GOOD_TOKEN"], doc: "The token that opens it." },
  url: { kind: "url", env: ["GOOD_URL"], doc: "Where the token is taken." },
} as const;

/** A resolver that obeys every law: it shows its token to a server, and hands on what comes back. */
const good = defineResolver({
  name: "good",
  summary: "A resolver that obeys every law.",
  options,
  async resolve({ options: given, source, context }) {
    const { token, url } = given;
    if (token === undefined) return unavailable("there is no token", say`set ${option("good.token")}`);
    const fail = (name: "token" | "url") => {
      throw new CredentialError(say`${source(name)} cannot be used.`, `good.${name}`);
    };
    if (/\s/.test(token.reveal())) fail("token");
    if (url === undefined || !URL.canParse(url)) return fail("url");
    const headers = { authorization: token };
    return {
      id: `good ${digest(token.reveal())}`,
      token: async ({ signal }) => {
        const request = { method: "GET", url, headers, signal, timeoutMs: 5000, retries: 0 } as const;
        return { token: (await context.http(request)).body };
      },
    };
  },
});

type Good = typeof good;

/** The good one, with one thing wrong. */
function broken(
  change: Partial<Good> | ((input: Parameters<Good["resolve"]>[0]) => ReturnType<Good["resolve"]>),
): Resolver {
  return { ...good, ...(typeof change === "function" ? { resolve: change } : change) };
}

/** Each breaks the law whose name has these words, and no other. */
const breakers: readonly [law: string, how: string, Resolver][] = [
  ["a sentence for every option", "a name of two words", broken({ name: "Good One" })],
  ["a sentence for every option", "no summary", broken({ summary: "" })],
  [
    "a sentence for every option",
    "an option without a word",
    broken({ options: { ...options, url: { ...options.url, doc: "" as typeof options.url.doc } } }),
  ],
  [
    "in an empty environment",
    "an error where nothing is configured",
    broken((input) => {
      if (input.options.token === undefined) throw new CredentialError("good.token GOOD_TOKEN is missing.");
      return good.resolve(input);
    }),
  ],
  [
    "in an empty environment",
    "a request though nothing is configured",
    broken(async (input) => {
      const { signal } = input.call;
      const request = {
        method: "GET",
        url: "http://127.0.0.1:1/",
        signal,
        timeoutMs: 100,
        retries: 0,
      } as const;
      if (input.options.token === undefined) await input.context.http(request).catch(() => undefined);
      return good.resolve(input);
    }),
  ],
  [
    "says what to set",
    "a remedy that names nothing",
    broken(async (input) =>
      input.options.token === undefined ? unavailable("there is no token", "find one") : good.resolve(input),
    ),
  ],
  [
    "malformed value",
    "unavailable, where a value is wrong",
    broken(async (input) => {
      const wrong = /\s/.test(input.options.token?.reveal() ?? "");
      return wrong ? unavailable("good", "set good.token") : good.resolve(input);
    }),
  ],
  [
    "malformed value",
    "an error that names no option",
    broken((input) => good.resolve({ ...input, source: () => "something" })),
  ],
  [
    "no secret",
    "the token in an error",
    broken(async (input) => {
      if (input.options.url?.endsWith("/refused"))
        throw new CredentialError(`good ${input.options.token?.reveal()}`);
      return good.resolve(input);
    }),
  ],
  [
    "no secret",
    "the token in the id",
    broken(async (input) => ({
      ...(await good.resolve(input)),
      id: `good ${input.options.token?.reveal()}`,
    })),
  ],
  [
    "no secret",
    "the token in the log",
    broken((input) => {
      input.context.log.debug(`asking with ${input.options.token?.reveal()}`);
      return good.resolve(input);
    }),
  ],
  [
    "obeys an abort",
    "a request that nobody can stop",
    broken((input) => {
      const { http } = input.context;
      const deaf = {
        http: (request: Parameters<typeof http>[0]) =>
          http({ ...request, signal: new AbortController().signal, timeoutMs: 500 }),
      };
      return good.resolve({ ...input, context: { ...input.context, ...deaf } });
    }),
  ],
  [
    "only an explanation",
    "a token asked for at once",
    broken(async (input) => {
      const source = await good.resolve(input);
      if ("token" in source) await source.token(input.call).catch(() => undefined);
      return source;
    }),
  ],
  ["one id", "one id for all", broken(async (input) => ({ ...(await good.resolve(input)), id: "good" }))],
  [
    "one id",
    "a new id each time",
    broken(async (input) => ({ ...(await good.resolve(input)), id: `good ${Math.random()}` })),
  ],
];

describe("the laws of resolvers", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());

  /** The situations of the good resolver; a fault of the broken one is all that differs. */
  const subjectOf = (resolver: Resolver): Subject => {
    const at = (url: string, token = TOKEN) => ({ options: { url, token } });
    const tokenUrl = `${world.generous.url}/token`;
    return {
      resolver,
      working: at(tokenUrl),
      other: at(tokenUrl, OTHER),
      refused: at(`${world.echo.url}/refused`),
      hanging: { ...at(world.silent.url), asked: () => world.silent.asked() },
      malformed: { token: [{ value: "two words" }], url: [{ value: "no url", options: { token: TOKEN } }] },
      secrets: () => [TOKEN, OTHER],
    };
  };

  const brokenLaws = async (subject: Subject): Promise<string[]> => {
    const names: string[] = [];
    for (const law of laws) await law.check(subject).catch(() => names.push(law.name));
    return names;
  };

  it("are all obeyed by a good resolver", async () => {
    expect(await brokenLaws(subjectOf(good))).to.deep.equal([]);
  });

  for (const [law, how, resolver] of breakers) {
    it(`see ${how}`, async () => {
      const found = await brokenLaws(subjectOf(resolver));
      expect(found.join("; ")).to.include(law);
    });
  }

  it("are each seen broken by one of these", () => {
    const unseen = laws.filter(({ name }) => !breakers.some(([law]) => name.includes(law)));
    expect(unseen.map(({ name }) => name)).to.deep.equal([]);
  });

  it("see a resolver that asks somebody and is tested with nobody", async () => {
    const subject = { ...subjectOf(good), hanging: undefined };
    expect(await brokenLaws(subject)).to.deep.equal(["obeys an abort within 100 ms"]);
  });

  it("see a situation that should work and does not", async () => {
    const subject = subjectOf(good);
    expect(await brokenLaws({ ...subject, working: subject.refused ?? {} })).to.include(
      "shows no secret in an error, a log, an id or an inspection",
    );
  });

  it("see an option that has no malformed value described", async () => {
    const subject = subjectOf(good);
    const { token } = subject.malformed;
    const names = await brokenLaws({ ...subject, malformed: { token: token ?? [] } });
    expect(names).to.deep.equal(["throws for a malformed value, and names the option or the variable"]);
  });

  it("see two resolvers of one name, whatever its capitals", () => {
    const named = (name: string) => ({ ...good, name }) as unknown as Resolver;
    expect(sharedNames([named("one"), named("two"), named("One")])).to.deep.equal(["one"]);
  });
});

describe("the secrets among malformed values", () => {
  const resolver = broken({
    options: {
      ...options,
      file: { kind: "path", secret: true, doc: "A file, or what is in it." },
      words: { kind: "stringList", secret: true, doc: "A program and its arguments." },
    } as unknown as typeof options,
  });

  it("are those of every kind of option, but for paths where a path is meant", () => {
    const given = {
      token: "/token-of-more-than-sixteen",
      url: "https://in.the.clear.example",
      file: "{ cut: of-a-key-file }",
      words: ["/usr/bin/a-program", "--password=hunter2", "short"],
    };
    expect(secretValues(resolver, [{ options: given }])).to.deep.equal([
      "/token-of-more-than-sixteen",
      "{ cut: of-a-key-file }",
      "--password=hunter2",
    ]);
    expect(secretValues(resolver, [{ options: { file: "/path/of/a/key.json" } }])).to.deep.equal([]);
  });
});
