import { expect } from "chai";
import { OptionError } from "../../../provider/core/words/errors";
import { OptionRef } from "../../../provider/core/words/message";
import type { OptionSpec } from "../../../provider/core/options/options";
import { readOptions, rejectUnknown } from "../../../provider/core/options/read";
import { Secret } from "../../../provider/core/words/secret";
import { everyText } from "../../support/every-text";
import { thrownBy } from "../../support/failure";

const CANARY = "CANARY-of-a-secret-value";

/** Reads the one option `group.name`, given or from the variable `VARIABLE`. */
function read(spec: Omit<OptionSpec, "doc">, given: unknown, variable?: string) {
  const env = variable === undefined ? {} : { VARIABLE: variable };
  return readOptions("group", { name: { env: ["VARIABLE"], doc: "", ...spec } }, { name: given }, env);
}

const plain = (value: unknown) => (value instanceof Secret ? value.reveal() : value);

const NOT_TEXT = " must be a string.";
const EMPTY = " is empty. Give it a value or leave it out.";
const NOT_ONE_OF = " must be one of: disk, none.";
const NOT_BOOLEAN = " must be true or false.";
const NOT_LIST = " must be a list of strings, none of them empty.";
const NOT_INTEGER = " must be a whole number from 0 to 20.";
const NOT_DURATION = " is not a duration. Write a number with a unit, such as 90s, 10m or 1h30m.";

const KINDS: Readonly<Record<string, Omit<OptionSpec, "doc">>> = {
  string: { kind: "string" },
  path: { kind: "path" },
  url: { kind: "url" },
  secret: { kind: "secret" },
  json: { kind: "secret", json: true },
  enum: { kind: "enum", values: ["disk", "none"] },
  duration: { kind: "duration" },
  integer: { kind: "integer", range: [0, 20] },
  boolean: { kind: "boolean" },
  stringList: { kind: "stringList" },
};

type Row = readonly [kinds: string, raw: unknown, end: unknown];

/** What is given in an option, and what it is read as. */
const GIVEN: readonly Row[] = [
  ["string path url", "some text", "some text"],
  ["secret", "s3cret", "s3cret"],
  ["secret", new Secret("s3cret"), "s3cret"],
  ["json", { id: "a", list: [1] }, '{"id":"a","list":[1]}'],
  ["json", "{}", "{}"],
  ["enum", "disk", "disk"],
  ["duration", "1h30m", 5_400_000],
  ["integer", 0, 0],
  ["integer", 20, 20],
  ["integer", "7", 7],
  ["boolean", true, true],
  ["boolean", false, false],
  ["boolean", "true", true],
  ["boolean", "false", false],
  ["stringList", ["a", "b"], ["a", "b"]],
];

/** The same for a variable's text. */
const FROM_VARIABLE: readonly Row[] = [
  ["string path url", " some text \n", "some text"],
  // A secret's own white space is for its resolver to judge: it may tell of a mistake in copying.
  ["secret", "s3cret\n", "s3cret\n"],
  ["json", "{}", "{}"],
  ["enum", " none ", "none"],
  ["duration", " 10m ", 600_000],
  ["integer", " 7 ", 7],
  ["boolean", "1", true],
  ["boolean", "0", false],
  ["boolean", "true", true],
  ["boolean", " false ", false],
  ["stringList", "a, b ,c", ["a", "b", "c"]],
];

/** What is refused, and what follows the option's name in the message. */
const REFUSED: readonly Row[] = [
  ["string path url secret json enum", 1, NOT_TEXT],
  ["string path url secret", {}, NOT_TEXT],
  ["string path url secret", true, NOT_TEXT],
  ["string path url secret json enum duration", "", EMPTY],
  ["string path url secret", " \n", EMPTY],
  ["json", circular(), " is an object that cannot be written as JSON."],
  ["enum", "Disk", NOT_ONE_OF],
  ["duration", 600, NOT_TEXT],
  ["duration", CANARY, NOT_DURATION],
  ["integer", -1, NOT_INTEGER],
  ["integer", 21, NOT_INTEGER],
  ["integer", 1.5, NOT_INTEGER],
  ["integer", NaN, NOT_INTEGER],
  ["integer", "1e1", NOT_INTEGER],
  ["integer", CANARY, NOT_INTEGER],
  ["integer", true, NOT_INTEGER],
  ["boolean", "yes", NOT_BOOLEAN],
  ["boolean", 1, NOT_BOOLEAN],
  ["boolean", CANARY, NOT_BOOLEAN],
  ["stringList", "a", NOT_LIST],
  ["stringList", [], NOT_LIST],
  ["stringList", ["a", ""], NOT_LIST],
  ["stringList", ["a", 1], NOT_LIST],
  ["stringList", { 0: "a" }, NOT_LIST],
];

/** The same for a variable's text. */
const REFUSED_VARIABLE: readonly Row[] = [
  ["enum", CANARY, NOT_ONE_OF],
  ["duration", CANARY, NOT_DURATION],
  ["integer", CANARY, NOT_INTEGER],
  ["integer", "21", NOT_INTEGER],
  ["boolean", "TRUE", NOT_BOOLEAN],
  ["boolean", CANARY, NOT_BOOLEAN],
  ["stringList", "a,,b", NOT_LIST],
  ["stringList", ",", NOT_LIST],
];

function circular(): object {
  const self: { self?: object } = {};
  self.self = self;
  return self;
}

/** The error of a reading that must fail, searched for the value. */
function refusal(readIt: () => unknown): OptionError {
  const error = thrownBy<OptionError>(readIt);
  expect(error).to.be.instanceOf(OptionError);
  expect(everyText(error)).to.not.contain(CANARY);
  return error;
}

describe("core/options", () => {
  for (const [name, spec] of Object.entries(KINDS)) {
    const of = (rows: readonly Row[]) => rows.filter(([kinds]) => kinds.split(" ").includes(name));
    describe(name, () => {
      it("is read from what is given, whatever its variable holds", () => {
        for (const [, raw, value] of of(GIVEN))
          for (const variable of [undefined, "OTHER"])
            expect(plain(read(spec, raw, variable).values.name)).to.deep.equal(value);
      });

      it("is read from its variable when nothing is given, and is not set by an empty one", () => {
        for (const [, raw, value] of of(FROM_VARIABLE))
          expect(plain(read(spec, undefined, raw as string).values.name)).to.deep.equal(value);
        for (const empty of ["", "  ", "\n"]) expect(read(spec, undefined, empty).values).to.deep.equal({});
        expect(read(spec, null).values).to.deep.equal({});
      });

      it("is refused by a message that names the option, or the variable, and not the value", () => {
        for (const [, raw, message] of of(REFUSED)) {
          const error = refusal(() => read(spec, raw));
          expect([error.message, error.option]).to.deep.equal([
            `group.name${message as string}`,
            "group.name",
          ]);
        }
        for (const [, raw, message] of of(REFUSED_VARIABLE)) {
          const error = refusal(() => read(spec, undefined, raw as string));
          expect([error.message, error.option]).to.deep.equal([`VARIABLE${message as string}`, "group.name"]);
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
    expect([given, fromVariable].map((one) => one.isFromVariable("name"))).to.deep.equal([false, true]);
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
    const error = refusal(() => rejectUnknown("group", { one: 1, tow: CANARY }, { one: 1, two: 1 }));
    expect(error.message).to.equal("there is no option group.tow. Known here: group.one, group.two.");
    expect(error.option).to.equal("group.tow");
    expect(error.messageFor((path) => path.toUpperCase()))
      .to.contain("GROUP.TOW")
      .and.contain("GROUP.ONE");
  });

  it("does not repeat a name that is no name: it may be a credential in the wrong place", () => {
    for (const name of [`${CANARY} with spaces`, `y0_${CANARY.repeat(4)}`]) {
      expect(refusal(() => rejectUnknown("", { [name]: 1 }, { one: 1 })).message).to.equal(
        "there is no option (not a name). Known here: one.",
      );
    }
  });

  it("takes an unknown option that is not set for none", () => {
    expect(() => rejectUnknown("", { two: undefined }, { one: 1 })).to.not.throw();
  });
});
