import { expect } from "chai";
import { createApp } from "../provider/app";
import { startWorld, type World } from "./contract/resolver-world";
import { getToken, refusalOf } from "./resolvers/support";
import { type Credentials, makeCredentials, type Name, NAMES } from "./support/credentials";

const pairs = NAMES.flatMap((first, index) =>
  NAMES.slice(index + 1).map((second) => [first, second] as const),
);
const orderedPairs = NAMES.flatMap((one) =>
  NAMES.filter((other) => other !== one).map((other) => [one, other] as const),
);

describe("precedence", () => {
  let world: World;
  let credentials: Credentials;
  before(async () => {
    world = await startWorld();
    credentials = await makeCredentials(world);
  });
  beforeEach(() => world.emulator.reset());
  after(() => world.close());

  const winner = async (parts: Parameters<Credentials["situation"]>[0]) => {
    const { config, context } = credentials.situation(parts);
    return (await getToken(config, context)).resolver;
  };
  const failure = async (parts: Parameters<Credentials["situation"]>[0]) => {
    const { config, context } = credentials.situation(parts);
    return refusalOf(config, context);
  };

  describe("of two that are there at once, in the default chain", () => {
    for (const [first, second] of pairs) {
      // What a function is handed comes by an option alone; options for one resolver alone would be a choice of it.
      const byOption = first === "functionContext" || second === "functionContext";
      it(`${first} goes before ${second}`, async () => {
        const both = [first, second];
        expect(await winner(byOption ? { options: both } : { ambient: both })).to.equal(first);
      });
    }
  });

  describe("of two that YCIAM_RESOLVERS names, in its own order", () => {
    for (const [first, second] of orderedPairs) {
      it(`${first},${second} lets ${first} answer`, async () => {
        expect(await winner({ ...split([first, second]), named: [first, second] })).to.equal(first);
      });
    }
  });

  describe("of options for one resolver, and another credential around", () => {
    for (const [chosen, around] of orderedPairs.filter(([, other]) => other !== "functionContext")) {
      it(`${chosen} is an explicit choice, whatever ${around} is`, async () => {
        expect(await winner({ options: [chosen], ambient: [around] })).to.equal(chosen);
      });
    }
  });

  describe("of one that is set but broken, and later ones that would work", () => {
    for (const name of NAMES) {
      it(`${name} stops the chain`, async () => {
        const later = NAMES.slice(NAMES.indexOf(name) + 1).filter((one) => one !== "functionContext");
        // Nobody comes after the last in the default chain, so a list puts somebody there.
        const last: Name[] = ["iamToken"];
        const parts = later.length === 0 ? { ambient: last, named: [name, ...last] } : { ambient: later };
        for (const broken of credentials.broken(name)) {
          world.emulator.reset();
          broken.prepare?.();
          const error = await failure({ ...parts, broken });
          expect(error.code, error.message).not.to.equal("ERR_YCIAM_NO_CREDENTIAL");
          expect(error.message).to.match(broken.says);
          expect(world.emulator.counts.exchanges).to.equal(0);
          expect(await explained({ ...parts, broken })).to.equal(name);
        }
      });
    }
  });

  /** The one that failed, if all before it were unavailable and all after it were left alone. */
  const explained = async (parts: Parameters<Credentials["situation"]>[0]) => {
    const { config, context } = credentials.situation(parts);
    parts.broken?.prepare?.();
    const { resolvers } = await createApp(config, context).explain({ verify: true });
    const failed = resolvers.findIndex(({ outcome }) => outcome === "failed");
    expect(resolvers.slice(0, failed).every(({ outcome }) => outcome === "unavailable")).to.equal(true);
    expect(resolvers.slice(failed + 1).every(({ outcome }) => outcome === "notTried")).to.equal(true);
    return resolvers[failed]?.resolver;
  };
});

/** What can be around is; the rest is given as options. */
function split(names: readonly Name[]): { ambient: Name[]; options: Name[] } {
  return {
    ambient: names.filter((name) => name !== "functionContext"),
    options: names.filter((name) => name === "functionContext"),
  };
}
