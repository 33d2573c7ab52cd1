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

type Input = Parameters<Good["resolve"]>[0];
type Good = typeof good;

/** The good one, with one thing wrong: in its row, or in how it resolves. */
function broken(change: Partial<Good> | ((input: Input) => ReturnType<Good["resolve"]>)): Resolver {
  return { ...good, ...(typeof change === "function" ? { resolve: change } : change) };
}

/** The good one, with another id. */
const named = (id: (token: string | undefined) => string) =>
  broken(async (input) => ({ ...(await good.resolve(input)), id: id(input.options.token?.reveal()) }));

/** The good one, but where nothing is given it does this. */
const ofNothing = (end: (input: Input) => ReturnType<Good["resolve"]>) =>
  broken((input) => (input.options.token === undefined ? end(input) : good.resolve(input)));

const UNSAID = { ...options.url, doc: "" as typeof options.url.doc };
const REQUEST = { method: "GET", url: "http://127.0.0.1:1/", timeoutMs: 100, retries: 0 } as const;

/** Each breaks the law whose name has these words, and no other. */
const breakers: Readonly<Record<string, Readonly<Record<string, Resolver>>>> = {
  "a sentence for every option": {
    "a name of two words": broken({ name: "Good One" }),
    "no summary": broken({ summary: "" }),
    "an option without a word": broken({ options: { ...options, url: UNSAID } }),
  },
  "in an empty environment": {
    "an error where nothing is configured": ofNothing(() =>
      Promise.reject(new CredentialError("good.token GOOD_TOKEN is missing.")),
    ),
    "a request though nothing is configured": ofNothing(async (input) => {
      await input.context.http({ ...REQUEST, signal: input.call.signal }).catch(() => undefined);
      return good.resolve(input);
    }),
  },
  "says what to set": {
    "a remedy that names nothing": ofNothing(async () => unavailable("there is no token", "find one")),
  },
  "malformed value": {
    "unavailable, where a value is wrong": broken(async (input) => {
      const wrong = /\s/.test(input.options.token?.reveal() ?? "");
      return wrong ? unavailable("good", "set good.token") : good.resolve(input);
    }),
    "an error that names no option": broken((input) => good.resolve({ ...input, source: () => "something" })),
  },
  "no secret": {
    "the token in an error": broken(async (input) => {
      if (input.options.url?.endsWith("/refused"))
        throw new CredentialError(`good ${input.options.token?.reveal()}`);
      return good.resolve(input);
    }),
    "the token in the id": named((token) => `good ${token}`),
    "the token in the log": broken((input) => {
      input.context.log.debug(`asking with ${input.options.token?.reveal()}`);
      return good.resolve(input);
    }),
  },
  "obeys an abort": {
    "a request that nobody can stop": broken((input) => {
      const deaf = { signal: new AbortController().signal, timeoutMs: 500 };
      const http: typeof input.context.http = (request) => input.context.http({ ...request, ...deaf });
      return good.resolve({ ...input, context: { ...input.context, http } });
    }),
  },
  "only an explanation": {
    "a token asked for at once": broken(async (input) => {
      const source = await good.resolve(input);
      if ("token" in source) await source.token(input.call).catch(() => undefined);
      return source;
    }),
  },
  "one id": {
    "one id for all": named(() => "good"),
    "a new id each time": named(() => `good ${Math.random()}`),
  },
};

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

  for (const [law, resolvers] of Object.entries(breakers))
    for (const [how, resolver] of Object.entries(resolvers))
      it(`see ${how}`, async () => {
        const found = await brokenLaws(subjectOf(resolver));
        expect(found.join("; ")).to.include(law);
      });

  it("are each seen broken by one of these", () => {
    const unseen = laws.filter(({ name }) => !Object.keys(breakers).some((law) => name.includes(law)));
    expect(unseen.map(({ name }) => name)).to.deep.equal([]);
  });

  const spoilt: readonly [how: string, law: string, spoil: (subject: Subject) => Partial<Subject>][] = [
    [
      "a resolver that asks somebody and is tested with nobody",
      "obeys an abort",
      () => ({ hanging: undefined }),
    ],
    ["a situation that should work and does not", "no secret", ({ refused = {} }) => ({ working: refused })],
    [
      "an option that has no malformed value described",
      "malformed value",
      ({ malformed: { token = [] } }) => ({ malformed: { token } }),
    ],
  ];
  for (const [how, law, spoil] of spoilt) {
    it(`see ${how}`, async () => {
      const subject = subjectOf(good);
      const names = await brokenLaws({ ...subject, ...spoil(subject) });
      expect(names).to.have.length(1);
      expect(names[0]).to.include(law);
    });
  }

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
