import { expect } from "chai";
import { joinText, Message, option, say, type Spelling } from "../../../provider/core/words/message";

const kebab: Spelling = (path) =>
  `--${path.replace(/\./g, "-").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

describe("core/message", () => {
  const message = say`set ${option("serviceAccountKey.file")} or ${option("cache")}, at most ${3}`;

  it("names options by their path, or as a host's users write them, in messages inside messages too", () => {
    expect(String(message)).to.equal("set serviceAccountKey.file or cache, at most 3");
    expect(message.render()).to.equal(String(message));
    const spelled = "set --service-account-key-file or --cache, at most 3";
    expect(message.render(kebab)).to.equal(spelled);
    expect(say`first ${message}; then ${"stop"}.`.render(kebab)).to.equal(`first ${spelled}; then stop.`);
  });

  it("joins texts, options and messages with a separator", () => {
    expect(joinText(["a", option("b"), say`c ${option("d")}`], ", ").render(kebab)).to.equal("a, --b, c --d");
    expect(joinText([], ", ").render()).to.equal("");
    expect(joinText([option("b")], ", ")).to.be.instanceOf(Message);
  });
});
