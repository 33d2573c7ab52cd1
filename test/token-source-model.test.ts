import { expect } from "chai";
import fc from "fast-check";
import { startCall } from "../provider/core/call";
import { ServerClock } from "../provider/core/clock";
import type { StoreSlot, TokenStore } from "../provider/core/context";
import { ServiceError } from "../provider/core/errors";
import { Memory } from "../provider/core/memory";
import { isUnavailable, type TokenSource, unavailable } from "../provider/core/resolver";
import { Secret } from "../provider/core/secret";
import { type IamToken, MAX_TOKEN_LIFE_MS } from "../provider/core/token";
import type { Policy } from "../provider/core/token-life";
import { cached } from "../provider/core/token-source";
import { testContext } from "./support/context";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** The pause after a failed renewal, and how long an absence is remembered: the longest that no attempt is made. */
const PAUSE_MS = 15 * SECOND;

/** How the service behaves from now on. */
type Service =
  | { readonly kind: "mints"; readonly lifeMs: number }
  | { readonly kind: "reuses" }
  | { readonly kind: "fails" }
  | { readonly kind: "absent" };

type Step =
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "sleep"; readonly ms: number }
  | { readonly do: "set"; readonly ms: number }
  | { readonly do: "restart" }
  | { readonly do: "service"; readonly service: Service }
  | { readonly do: "call"; readonly policies: readonly number[]; readonly leave: number };

const POLICIES: readonly Policy[] = [
  { minRemainingMs: 10 * MINUTE, refreshAfterMs: HOUR },
  { minRemainingMs: 0, refreshAfterMs: 0 },
  { minRemainingMs: 6 * HOUR, refreshAfterMs: 20 * MINUTE },
  { minRemainingMs: MINUTE, refreshAfterMs: 12 * HOUR },
];

interface Issued {
  readonly name: string;
  readonly at: number;
  readonly expiresAt: number;
}

/** A service, a host, and processes on it one after the other; all of time is simulated. */
class World {
  server = Date.UTC(2026, 10, 24);
  host = this.server;
  monotonic = 0;
  service: Service = { kind: "mints", lifeMs: MAX_TOKEN_LIFE_MS };
  readonly issued: Issued[] = [];
  /** Server time of each time that the service was asked. */
  readonly askedAt: number[] = [];
  absentAt = -Infinity;
  running = 0;
  mostRunning = 0;
  entry: string | undefined;
  #process = this.#boot();

  constructor(private readonly onDisk: boolean) {}

  get clock(): ServerClock {
    return this.#process.clock;
  }

  /**
   * A new process, on a host whose clock is right. One that is wrong by hours before anybody was asked, and a sleep
   * that ends with the clock set back before anybody looked, no program could find out.
   */
  restart(): void {
    this.host = this.server;
    this.#process = this.#boot();
  }

  source(policy: Policy): TokenSource {
    const source: TokenSource = {
      id: "credential",
      material: new Secret("material"),
      token: (call) => this.#ask(call.signal),
    };
    const { clock, context } = this.#process;
    const store = this.onDisk ? { store: this.#store } : {};
    return cached(source, { context, clock, policy, key: "key", ...store });
  }

  #boot() {
    const clock = new ServerClock(
      () => this.host,
      () => this.monotonic,
    );
    return { clock, context: testContext({ memory: new Memory() }) };
  }

  async #ask(signal: AbortSignal): Promise<IamToken | ReturnType<typeof unavailable>> {
    this.askedAt.push(this.server);
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve());
      setImmediate(resolve);
    });
    this.running -= 1;
    signal.throwIfAborted();
    const { service } = this;
    if (service.kind === "fails") throw new ServiceError("the service fails", "status", { status: 503 });
    if (service.kind === "absent") this.absentAt = this.server;
    if (service.kind === "absent") return unavailable("nobody answers", "do something");
    this.clock.observe(this.server);
    const last = this.issued.at(-1);
    const isReused = service.kind === "reuses" && last !== undefined && last.expiresAt > this.server;
    const { name, expiresAt } = isReused
      ? last
      : this.#issue(service.kind === "mints" ? service.lifeMs : HOUR);
    return { token: new Secret(name), issuedAt: this.clock.now(), expiresAt };
  }

  #issue(lifeMs: number): Issued {
    const issued = { name: `token ${this.issued.length}`, at: this.server, expiresAt: this.server + lifeMs };
    this.issued.push(issued);
    return issued;
  }

  readonly #store: TokenStore = {
    load: async () => this.entry,
    save: async (_slot: StoreSlot, entry: string) => void (this.entry = entry),
    remove: async () => void (this.entry = undefined),
    exclusively: async (_slot, _wait, work) => work(),
  };
}

const lives = fc.oneof(fc.constant(MAX_TOKEN_LIFE_MS), fc.integer({ min: SECOND, max: MAX_TOKEN_LIFE_MS }));
const services = fc.oneof<fc.Arbitrary<Service>[]>(
  fc.record({ kind: fc.constant("mints" as const), lifeMs: lives }),
  fc.constantFrom<Service>({ kind: "reuses" }, { kind: "fails" }, { kind: "absent" }),
);
const spans = fc.oneof(
  fc.integer({ min: 0, max: MINUTE }),
  fc.integer({ min: 0, max: 2 * HOUR }),
  fc.integer({ min: 0, max: 13 * HOUR }),
);
const jumps = fc.integer({ min: -13 * HOUR, max: 13 * HOUR });
const policies = fc.array(fc.nat(POLICIES.length - 1), { minLength: 1, maxLength: 6 });
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: spans }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("sleep" as const), ms: spans }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("set" as const), ms: jumps }) },
  { weight: 1, arbitrary: fc.constant({ do: "restart" } as const) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("service" as const), service: services }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("call" as const), policies, leave: fc.nat(7) }) },
);

async function take(world: World, step: Step): Promise<void> {
  switch (step.do) {
    case "pass":
      world.server += step.ms;
      world.host += step.ms;
      world.monotonic += step.ms;
      return;
    case "sleep":
      world.server += step.ms;
      world.host += step.ms;
      return;
    case "set":
      world.clock.now();
      world.host += step.ms;
      world.clock.now();
      return;
    case "restart":
      return world.restart();
    case "service":
      world.service = step.service;
      return;
    case "call":
      return callers(world, step.policies, step.leave);
  }
}

/** Callers that ask at the same moment; the one at `leave`, if there is one, leaves at once. */
async function callers(world: World, indexes: readonly number[], leave: number): Promise<void> {
  const asksBefore = world.askedAt.length;
  const ends = await Promise.all(
    indexes.map(async (index, place) => {
      const policy = POLICIES[index] as Policy;
      const controller = new AbortController();
      const call = startCall(controller.signal, 60_000);
      const answer = world.source(policy).token(call);
      if (place === leave) controller.abort("left");
      const end = await answer.catch((error: unknown) => error);
      return { policy, end, left: place === leave };
    }),
  );
  const asks = world.askedAt.length - asksBefore;
  expect(world.mostRunning, "exchanges at a time").to.be.at.most(1);
  for (const { policy, end, left } of ends) {
    if (end instanceof Error) expect(canServe(world, policy, asks), end.message).to.equal(false);
    else if (end === "left") expect(left).to.equal(true);
    else if (!isUnavailable(end as object)) judge(world, policy, end as IamToken, asks);
    else expect(world.server - world.absentAt, "time since nobody answered").to.be.at.most(SECOND);
  }
}

/** The promises about a token that was handed out. */
function judge(world: World, policy: Policy, { token }: IamToken, asks: number): void {
  const issued = world.issued.find(({ name }) => name === token.reveal()) as Issued;
  expect(issued.expiresAt - world.server, "life left").to.be.at.least(policy.minRemainingMs);
  const lastSeen = Math.max(issued.at, ...world.askedAt.filter((at) => at >= issued.at));
  if (asks > 0) return;
  // Nobody was asked now: then the token is young, or an attempt was made a moment ago.
  expect(world.server - lastSeen, "time since anybody was asked").to.be.at.most(
    Math.max(policy.refreshAfterMs, PAUSE_MS),
  );
}

/** Whether a call could not but have worked. */
function canServe(world: World, policy: Policy, asks: number): boolean {
  const { service } = world;
  return asks > 0 && service.kind === "mints" && service.lifeMs >= policy.minRemainingMs;
}

describe("the token source against a model: random times, failures, callers, sleeps and restarts", function () {
  this.timeout(120_000);
  for (const onDisk of [false, true]) {
    it(`keeps its promises ${onDisk ? "with" : "without"} a store`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 40 }), async (taken) => {
          const world = new World(onDisk);
          for (const step of taken) await take(world, step);
        }),
        { numRuns: 2000 },
      );
    });
  }
});
