import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Secret } from "../../provider/core/words/secret";
import { rejectOutputs } from "../../sdk/nodejs/plain-args";

const IS_OUTPUT = "is an Output. Use getIamTokenOutput, which takes Outputs.";
const NO_OBJECT = "the argument must be an object with options, such as { serviceAccountKey: { file } }.";

describe("arguments that must be plain", () => {
  for (const [what, args, message] of [
    ["an Output", { a: { b: pulumi.output("x") } }, `a.b ${IS_OUTPUT}`],
    ["an Output in a list", { resolvers: [pulumi.output("x")] }, `resolvers.0 ${IS_OUTPUT}`],
    ["a whole Output", pulumi.output({}), `the argument ${IS_OUTPUT}`],
    ["a Promise", { a: Promise.resolve("x") }, "a is a Promise. Await it first."],
    ["a whole Promise", Promise.resolve({}), "the argument is a Promise. Await it first."],
    ["a string", "x", NO_OBJECT],
    ["a list", [], NO_OBJECT],
  ] as const) {
    it(`refuse ${what}`, () => expect(() => rejectOutputs(args)).to.throw(message));
  }

  it("may be nothing, plain, or hold a circle; what JSON does not show whole is told apart, but for a resolver", () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const own = { name: "own", resolve: () => undefined };
    for (const args of [
      undefined,
      null,
      {},
      { a: { b: ["c", 1, true, undefined, null] } },
      { resolvers: [{ ...own, client: Promise.resolve() }] },
    ])
      expect(rejectOutputs(args)).to.equal(true);
    const others = [
      own,
      [own],
      circle,
      NaN,
      1n,
      Symbol("a"),
      () => 1,
      new Secret("a"),
      new Date(0),
      [new Secret("a")],
    ];
    for (const other of others) expect(rejectOutputs({ a: { b: other, c: 1 } })).to.equal(false);
  });
});
