import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { rejectOutputs } from "../../sdk/nodejs/plain-args";

describe("arguments that must be plain", () => {
  for (const [what, args, message] of [
    [
      "an Output",
      { a: { b: pulumi.output("x") } },
      "a.b is an Output. Use getIamTokenOutput, which takes Outputs.",
    ],
    [
      "an Output in a list",
      { resolvers: [pulumi.output("x")] },
      "resolvers.0 is an Output. Use getIamTokenOutput, which takes Outputs.",
    ],
    [
      "a whole Output",
      pulumi.output({}),
      "the argument is an Output. Use getIamTokenOutput, which takes Outputs.",
    ],
    ["a Promise", { a: Promise.resolve("x") }, "a is a Promise. Await it first."],
    ["a whole Promise", Promise.resolve({}), "the argument is a Promise. Await it first."],
    [
      "a string",
      "x",
      "the argument must be an object with options, such as { serviceAccountKey: { file } }.",
    ],
    ["a list", [], "the argument must be an object with options, such as { serviceAccountKey: { file } }."],
  ] as const) {
    it(`refuse ${what}`, () => expect(() => rejectOutputs(args)).to.throw(message));
  }

  it("may be nothing, plain, or hold a circle", () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    for (const args of [undefined, null, {}, { a: { b: ["c"] } }, { functionContext: circle }])
      rejectOutputs(args);
  });
});
