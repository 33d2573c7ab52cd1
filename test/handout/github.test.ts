import { expect } from "chai";
import { Secret } from "../../provider/core/words/secret";
import { fileCommands, maskCommand, withoutCommands, workflowCommand } from "../../provider/handout/github";
import { commandsIn, valuesIn } from "../support/github-runner";

const HOSTILE = "100 %\r\n::set-env name=PATH::/evil\n##[add-mask]x\nyciam_\nother<<EOF";

describe("what GitHub's runner reads", () => {
  it("is one order, however many lines its text has", () => {
    expect(commandsIn(workflowCommand("error", HOSTILE))).to.deep.equal([["error", HOSTILE]]);
    expect(commandsIn(maskCommand(new Secret("t1.a.b")))).to.deep.equal([["add-mask", "t1.a.b"]]);
  });

  it("is no order in a text of others, and one again after it", () => {
    const output = withoutCommands(HOSTILE) + workflowCommand("debug", "after");
    expect(commandsIn(HOSTILE)).to.have.length(2);
    expect(commandsIn(output)).to.deep.equal([["debug", "after"]]);
    expect(output).to.include(HOSTILE);
  });

  it("is each value whole, and none beside", () => {
    const values = { token: "t1.a.b", hostile: HOSTILE, empty: "" };
    expect(valuesIn(fileCommands(values))).to.deep.equal(values);
  });
});
