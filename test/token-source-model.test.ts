import fc from "fast-check";
import { startCall } from "../provider/core/token/call";
import { MAX_TOKEN_LIFE_MS } from "../provider/core/token/token";
import type { Policy } from "../provider/core/token/judgement";
import { judgeRound, type Round, Warnings } from "./model/promises";
import { type FlightShift, HOUR, MINUTE, SECOND, type Service, type Shift, World } from "./model/world";

type Step =
  | { readonly do: "shift"; readonly shift: Shift }
  | { readonly do: "restart" }
  | { readonly do: "service"; readonly service: Service }
  | {
      readonly do: "call";
      readonly policies: readonly number[];
      /** The place of the caller who leaves at once; none when there is no such caller. */
      readonly leave: number;
      readonly shift: FlightShift | undefined;
    };

const POLICIES: readonly Policy[] = [
  { minRemainingMs: 10 * MINUTE, refreshAfterMs: HOUR },
  { minRemainingMs: 0, refreshAfterMs: 0 },
  { minRemainingMs: 6 * HOUR, refreshAfterMs: 20 * MINUTE },
  { minRemainingMs: MINUTE, refreshAfterMs: 12 * HOUR },
];

const lives = fc.oneof(fc.constant(MAX_TOKEN_LIFE_MS), fc.integer({ min: SECOND, max: MAX_TOKEN_LIFE_MS }));
const services = fc.oneof<fc.Arbitrary<Service>[]>(
  fc.record({ kind: fc.constant("mints" as const), lifeMs: lives }),
  fc.constantFrom<Service>({ kind: "reuses" }, { kind: "fails" }),
);
const spans = fc.oneof(
  fc.integer({ min: 0, max: MINUTE }),
  fc.integer({ min: 0, max: 2 * HOUR }),
  fc.integer({ min: 0, max: 13 * HOUR }),
);
/** None of less than a second: those are noise, for a clock that is compared with a header of whole seconds. */
const jumps = fc
  .integer({ min: -13 * HOUR, max: 13 * HOUR })
  .map((ms) => (Math.abs(ms) < SECOND ? ms * SECOND : ms));
const shifts = fc.oneof<fc.WeightedArbitrary<Shift>[]>(
  { weight: 3, arbitrary: fc.record({ how: fc.constant("pass" as const), ms: spans }) },
  { weight: 1, arbitrary: fc.record({ how: fc.constant("sleep" as const), ms: spans }) },
  { weight: 1, arbitrary: fc.record({ how: fc.constant("set" as const), ms: jumps }) },
);
/** No sleep between the headers of a reply and its end: the host cannot tell that from a clock that is set meanwhile. */
const flightShifts: fc.Arbitrary<FlightShift | undefined> = fc.option(
  fc
    .record({ shift: shifts, when: fc.constantFrom("before" as const, "after" as const) })
    .filter(({ shift, when }) => shift.how !== "sleep" || when === "before")
    .map(({ shift, when }) => ({ ...shift, when })),
  { nil: undefined, freq: 2 },
);
const policies = fc.array(fc.nat(POLICIES.length - 1), { minLength: 1, maxLength: 6 });
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("shift" as const), shift: shifts }) },
  { weight: 1, arbitrary: fc.constant({ do: "restart" } as const) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("service" as const), service: services }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("call" as const),
      policies,
      leave: fc.nat(20),
      shift: flightShifts,
    }),
  },
);

async function take(world: World, warnings: Warnings, step: Step): Promise<void> {
  switch (step.do) {
    case "shift":
      world.clock.now();
      world.shift(step.shift);
      world.clock.now();
      if (step.shift.how === "set") warnings.forget();
      return;
    case "restart":
      warnings.restart();
      return world.restart();
    case "service":
      world.service = step.service;
      return;
    case "call": {
      const wasSure = world.isSure;
      world.next = step.shift;
      const round = await callers(world, step.policies, step.leave);
      if (step.shift?.how === "set" || !wasSure || !world.isSure) warnings.forget();
      judgeRound(round);
      warnings.judge(round);
    }
  }
}

/** Callers that ask at the same moment; the one at `leave`, if there is one, leaves at once. */
async function callers(world: World, indexes: readonly number[], leave: number): Promise<Round> {
  const { held, isSure, server, context } = world;
  const [asked, logged] = [world.asks.length, context.logs.length];
  const ends = await Promise.all(
    indexes.map(async (index, place) => {
      const policy = POLICIES[index] as Policy;
      const controller = new AbortController();
      const answer = world.source(policy).token(startCall(controller.signal, 60_000));
      if (place === leave) controller.abort("left");
      const end = await answer.catch((error: unknown) => error);
      return {
        policy,
        end,
        left: place === leave,
        server: world.server,
        isSure: world.isSure,
        held: world.held,
      };
    }),
  );
  const warnings = context.logs.slice(logged).filter(({ level }) => level === "warn");
  return {
    world,
    before: { held, isSure, server },
    asks: world.asks.slice(asked),
    warnings: warnings.map(({ message }) => message),
    ends,
  };
}

describe("the token source against a model: random times, failures, callers, sleeps and restarts", function () {
  this.timeout(120_000);
  for (const onDisk of [false, true]) {
    it(`keeps its promises ${onDisk ? "with" : "without"} a store`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 40 }), async (taken) => {
          const world = new World(onDisk);
          const warnings = new Warnings();
          for (const step of taken) await take(world, warnings, step);
        }),
        { numRuns: 3000 },
      );
    });
  }
});
