import { expect } from "chai";
import { createApp } from "../../provider/app";

describe("the modules that a test runs", () => {
  it("are the compiled ones, whose names are short, where they are asked for, and the sources otherwise", () => {
    expect(createApp.name === "createApp").to.equal(process.env.YCIAM_TEST_MODULES === undefined);
  });
});
