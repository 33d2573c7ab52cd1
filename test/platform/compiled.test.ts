import { expect } from "chai";
import { existsSync } from "node:fs";
import { createApp } from "../../provider/app";

const { YCIAM_TEST_MODULES: modules } = process.env;

describe("the modules that a test runs", () => {
  it("are the compiled ones, whose names are short, where they are asked for, and the sources otherwise", () => {
    expect(createApp.name === "createApp").to.equal(modules === undefined);
    expect(modules === undefined || existsSync(`${modules}.jsc`)).to.equal(true);
  });
});
