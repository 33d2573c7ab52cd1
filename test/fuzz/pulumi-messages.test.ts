import { status } from "@grpc/grpc-js";
import { expect } from "chai";
import fc from "fast-check";
import { ResourceProviderDefinition } from "../../provider/pulumi/generated/pulumi/provider";
import { type Served, servePlugin } from "../pulumi/support/serve";
import { secret, unknown } from "../pulumi/support/wire";
import { assertAnswered, callBytes } from "../terraform/support/grpc-client";

const CANARY = "fuzz-canary-of-a-credential";

/** Options that ask nobody and run nothing, whatever their value is. */
const names = fc.constantFrom(
  "iamToken",
  "serviceAccountKey",
  "functionContext",
  "impersonate",
  "minRemainingValidity",
  "refreshAfter",
  "cache",
  "audience",
  "timeout",
  "resolvers",
  "installation",
  "version",
  "__proto__",
  "constructor",
  "nobodyKnowsThis",
);
const leaf = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    unknown,
    CANARY,
    { token: CANARY },
    { json: CANARY },
    [CANARY],
    secret(CANARY),
    secret(unknown),
  ),
);
const values = fc.oneof(
  leaf,
  leaf.map(secret),
  fc.dictionary(fc.constantFrom("token", "json", "file", "serviceAccountId", "x"), leaf, {
    noNullPrototype: true,
  }),
  leaf.map((value) => ({ "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4", value })),
);
const properties = fc
  .array(fc.tuple(names, values), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries) as Record<string, unknown>);

const { fullName, methods } = ResourceProviderDefinition;
const METHODS = fc.constantFrom(...Object.values(methods).map(({ name }) => `/${fullName}/${name}`));

/** What a defect looks like, and a connection that was lost. */
const DEFECTS: readonly number[] = [
  status.INTERNAL,
  status.UNKNOWN,
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
];

describe("fuzz: messages of Pulumi's engine", () => {
  let served: Served;
  beforeEach(async () => {
    const env = {
      YCIAM_IAM_ENDPOINT: "http://127.0.0.1:1",
      YCIAM_AUTH_ENDPOINT: "http://127.0.0.1:1",
      YCIAM_RETRIES: "0",
      YCIAM_CACHE: "memory",
    };
    served = await servePlugin({ env });
  });
  afterEach(() => served.close());

  it("of any bytes are answered, and the plugin lives on", async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(METHODS, fc.uint8Array({ maxLength: 200 }), async (path, bytes) =>
        assertAnswered(callBytes(served.client.raw, path, bytes)),
      ),
      { numRuns: 500 },
    );
    expect((await served.client.handshake()).getAcceptSecrets()).to.equal(true);
  });

  type Two = Record<string, unknown>;
  const calls: Record<string, (a: Two, b: Two) => Promise<unknown>> = {
    "invoke getIamToken": (a) => served.client.invoke("getIamToken", a),
    "invoke explainResolvers": (a) => served.client.invoke("explainResolvers", a),
    check: (a) => served.client.check(a),
    checkConfig: (a, b) => served.client.checkConfig(a, b),
    diffConfig: (a, b) => served.client.diffConfig(a, b),
    diff: (a, b) => served.client.diff({ olds: a, news: b }, b),
    "create in a preview": (a) => served.client.create(a, true),
    create: (a) => served.client.create(a),
    "update in a preview": (a, b) => served.client.update({ olds: a, news: b }, b, true),
    read: (a, b) => served.client.read("id", a, b),
  };
  for (const [name, call] of Object.entries(calls)) {
    it(`of any content are answered, or refused with a reason; no log says a secret: ${name}`, async function () {
      this.timeout(60_000);
      await fc.assert(
        fc.asyncProperty(properties, properties, async (one, other) => {
          const error = await call(one, other).then(
            () => undefined,
            (reason: { code: number; details: string }) => reason,
          );
          if (error === undefined) return;
          expect(
            DEFECTS.filter((code) => code === error.code && !isNetwork(error)),
            error.details,
          ).to.deep.equal([]);
        }),
        { numRuns: 150 },
      );
      expect(JSON.stringify(served.context.logs)).not.to.include(CANARY);
      expect((await served.client.handshake()).getAcceptSecrets()).to.equal(true);
    });
  }
});

/** Our own answer that nothing listens at IAM's address, not a lost connection to the plugin. */
function isNetwork({ code, details }: { code: number; details: string }): boolean {
  return code === Number(status.UNAVAILABLE) && /127\.0\.0\.1:1/.test(details);
}
