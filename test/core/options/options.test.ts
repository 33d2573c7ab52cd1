import { expect } from "chai";
import { OptionError } from "../../../provider/core/words/errors";
import { OptionRef } from "../../../provider/core/words/message";
import { type OptionSpec, readOptions, rejectUnknown } from "../../../provider/core/options/options";
import { Secret } from "../../../provider/core/words/secret";
import { everyText } from "../../support/every-text";

const CANARY = "CANARY-of-a-secret-value";

/** Reads the one option `group.name`, given or from the variable `VARIABLE`. */
function read(spec: Omit<OptionSpec, "doc">, given: unknown, variable?: string) {
  const env = variable === undefined ? {} : { VARIABLE: variable };
  return readOptions("group", { name: { env: ["VARIABLE"], doc: "", ...spec } }, { name: given }, env);
}

const plain = (value: unknown) => (value instanceof Secret ? value.reveal() : value);

interface Kind {
  readonly spec: Omit<OptionSpec, "doc">;
  /** What is given in an option, and what it is read as. */
  readonly given: readonly (readonly [unknown, unknown])[];
  /** The same for a variable's text. */
  readonly variable: readonly (readonly [string, unknown])[];
  /** What is refused, and what follows the option's name in the message. */
  readonly refused: readonly (readonly [unknown, string])[];
  readonly refusedVariable: readonly (readonly [string, string])[];
}

const NOT_TEXT = " must be a string.";
const EMPTY = " is empty. Give it a value or leave it out.";
const NOT_BOOLEAN = " must be true or false.";
const NOT_LIST = " must be a list of strings, none of them empty.";
const NOT_INTEGER = " must be a whole number from 0 to 20.";
const NOT_DURATION = " is not a duration. Write a number with a unit, such as 90s, 10m or 1h30m.";

const text: Omit<Kind, "spec"> = {
  given: [["some text", "some text"]],
  variable: [[" some text \n", "some text"]],
  refused: [
    [1, NOT_TEXT],
    [{}, NOT_TEXT],
    [["a"], NOT_TEXT],
    [true, NOT_TEXT],
    ["", EMPTY],
    [" \n", EMPTY],
  ],
  refusedVariable: [],
};

const KINDS: readonly Kind[] = [
  { spec: { kind: "string" }, ...text },
  { spec: { kind: "path" }, ...text },
  { spec: { kind: "url" }, ...text },
  {
    spec: { kind: "secret" },
    ...text,
    given: [
      ["s3cret", "s3cret"],
      [new Secret("s3cret"), "s3cret"],
    ],
    // A secret's own white space is for its resolver to judge: it may tell of a mistake in copying.
    variable: [["s3cret\n", "s3cret\n"]],
  },
  {
    spec: { kind: "secret", json: true },
    given: [
      [{ id: "a", list: [1] }, '{"id":"a","list":[1]}'],
      ["{}", "{}"],
    ],
    variable: [["{}", "{}"]],
    refused: [
      [1, NOT_TEXT],
      ["", EMPTY],
      [circular(), " is an object that cannot be written as JSON."],
    ],
    refusedVariable: [],
  },
  {
    spec: { kind: "enum", values: ["disk", "none"] },
    given: [
      ["disk", "disk"],
      ["none", "none"],
    ],
    variable: [[" none ", "none"]],
    refused: [
      ["Disk", " must be one of: disk, none."],
      [1, NOT_TEXT],
      ["", EMPTY],
    ],
    refusedVariable: [[CANARY, " must be one of: disk, none."]],
  },
  {
    spec: { kind: "duration" },
    given: [["1h30m", 5_400_000]],
    variable: [[" 10m ", 600_000]],
    refused: [
      [600, NOT_TEXT],
      [CANARY, NOT_DURATION],
      ["", EMPTY],
    ],
    refusedVariable: [[CANARY, NOT_DURATION]],
  },
  {
    spec: { kind: "integer", range: [0, 20] },
    given: [
      [0, 0],
      [20, 20],
      ["7", 7],
    ],
    variable: [[" 7 ", 7]],
    refused: [
      [-1, NOT_INTEGER],
      [21, NOT_INTEGER],
      [1.5, NOT_INTEGER],
      [NaN, NOT_INTEGER],
      ["1e1", NOT_INTEGER],
      [CANARY, NOT_INTEGER],
      [true, NOT_INTEGER],
    ],
    refusedVariable: [
      [CANARY, NOT_INTEGER],
      ["21", NOT_INTEGER],
    ],
  },
  {
    spec: { kind: "boolean" },
    given: [
      [true, true],
      [false, false],
      ["true", true],
      ["false", false],
    ],
    variable: [
      ["1", true],
      ["0", false],
      ["true", true],
      [" false ", false],
    ],
    refused: [
      ["yes", NOT_BOOLEAN],
      [1, NOT_BOOLEAN],
      [CANARY, NOT_BOOLEAN],
    ],
    refusedVariable: [
      ["TRUE", NOT_BOOLEAN],
      [CANARY, NOT_BOOLEAN],
    ],
  },
  {
    spec: { kind: "stringList" },
    given: [
      [
        ["a", "b"],
        ["a", "b"],
      ],
    ],
    variable: [["a, b ,c", ["a", "b", "c"]]],
    refused: [
      ["a", NOT_LIST],
      [[], NOT_LIST],
      [["a", ""], NOT_LIST],
      [["a", 1], NOT_LIST],
      [{ 0: "a" }, NOT_LIST],
    ],
    refusedVariable: [
      ["a,,b", NOT_LIST],
      [",", NOT_LIST],
    ],
  },
];

function circular(): object {
  const self: { self?: object } = {};
  self.self = self;
  return self;
}

/** The error of a reading that must fail, searched for the value. */
function refusal(readIt: () => unknown): OptionError {
  try {
    readIt();
  } catch (error) {
    expect(error).to.be.instanceOf(OptionError);
    expect(everyText(error)).to.not.contain(CANARY);
    return error as OptionError;
  }
  return expect.fail("it was read");
}

describe("core/options", () => {
  for (const { spec, given, variable, refused, refusedVariable } of KINDS) {
    describe(`${spec.kind}${spec.json ? " that may be an object" : ""}`, () => {
      it("is read from what is given", () => {
        for (const [raw, value] of given) expect(plain(read(spec, raw).values.name)).to.deep.equal(value);
      });

      it("is read from its variable when nothing is given, and is not read from it otherwise", () => {
        for (const [raw, value] of variable)
          expect(plain(read(spec, undefined, raw).values.name)).to.deep.equal(value);
        const [[raw, value] = []] = given;
        expect(plain(read(spec, raw, "OTHER").values.name)).to.deep.equal(value);
      });

      it("is not set by an empty variable", () => {
        for (const empty of ["", "  ", "\n"]) expect(read(spec, undefined, empty).values).to.deep.equal({});
        expect(read(spec, null).values).to.deep.equal({});
      });

      it("is refused by a message that names the option and not the value", () => {
        for (const [raw, message] of refused) {
          const error = refusal(() => read(spec, raw));
          expect([error.message, error.option]).to.deep.equal([`group.name${message}`, "group.name"]);
        }
      });

      it("is refused by a message that names the variable, though the error is about the option", () => {
        for (const [raw, message] of refusedVariable) {
          const error = refusal(() => read(spec, undefined, raw));
          expect([error.message, error.option]).to.deep.equal([`VARIABLE${message}`, "group.name"]);
          // A host that spells options its own way must leave a variable's name alone.
          expect(error.messageFor(() => "SPELLED")).to.equal(error.message);
        }
      });
    });
  }

  it("says where each value came from, or would come from", () => {
    const given = read({ kind: "string" }, "x", "y");
    const fromVariable = read({ kind: "string" }, undefined, "y");
    expect(given.source("name")).to.deep.equal(new OptionRef("group.name"));
    expect(fromVariable.source("name")).to.equal("VARIABLE");
    expect(read({ kind: "string" }, undefined).source("name")).to.deep.equal(new OptionRef("group.name"));
    expect([[...given.given], [...fromVariable.given]]).to.deep.equal([["name"], []]);
  });

  it("takes the first variable that is set, and a conditional one only when its value fits", () => {
    const isOdd = { name: "MAYBE", when: (value: string) => value.startsWith("odd"), note: "when odd" };
    const specs = { name: { kind: "string", doc: "", env: ["FIRST", isOdd, "LAST"] } } as const;
    const from = (env: Record<string, string>) => readOptions("", specs, {}, env).values.name;
    expect(from({ FIRST: "1", MAYBE: "odd", LAST: "3" })).to.equal("1");
    expect(from({ FIRST: "", MAYBE: "odd", LAST: "3" })).to.equal("odd");
    expect(from({ MAYBE: "even", LAST: "3" })).to.equal("3");
    expect(from({ MAYBE: "even" })).to.equal(undefined);
  });

  it("refuses an option that does not exist, and lists those that do, as the host spells them", () => {
    const error = refusal(() => rejectUnknown("group", ["one", "two"], { one: 1, tow: CANARY }));
    expect(error.message).to.equal("there is no option group.tow. Known here: group.one, group.two.");
    expect(error.option).to.equal("group.tow");
    expect(error.messageFor((path) => path.toUpperCase()))
      .to.contain("GROUP.TOW")
      .and.contain("GROUP.ONE");
  });

  it("does not repeat a name that is no name: it may be a credential in the wrong place", () => {
    for (const name of [`${CANARY} with spaces`, `y0_${CANARY.repeat(4)}`]) {
      expect(refusal(() => rejectUnknown("", ["one"], { [name]: 1 })).message).to.equal(
        "there is no option (not a name). Known here: one.",
      );
    }
  });

  it("takes an unknown option that is not set for none", () => {
    expect(() => rejectUnknown("", ["one"], { two: undefined })).to.not.throw();
  });
});
