import { expect } from "chai";
import { describeDefect } from "../../../provider/core/words/defect";
import { thrownBy } from "../../support/failure";

describe("the description of a defect", () => {
  it("has the kind and the place, and nothing of the message, whatever its lines look like", () => {
    for (const message of ["canary:12:34", "a\n    at canary (canary:12:34)", ""]) {
      const described = describeDefect(new TypeError(message));
      expect(described, message).to.match(/^TypeError at defect\.test\.ts:\d+$/);
    }
  });

  it("names the place in our code, and not the one in Node's own", () => {
    const thrown = thrownBy(() => new URL("canary"));
    expect(describeDefect(thrown)).to.match(/^TypeError at defect\.test\.ts:\d+$/);
  });

  it("has the kind alone where no place is known, and for what is no error", () => {
    expect(describeDefect(Object.assign(new RangeError("canary"), { stack: "canary" }))).to.equal(
      "RangeError",
    );
    expect(describeDefect("canary")).to.equal("value thrown");
  });
});
