import { expect } from "chai";
import { createLogger } from "../../../provider/terraform/plugin/log";

describe("terraform plugin: log", () => {
  const lines: string[] = [];
  const now = () => Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  const log = createLogger({ module: "demo", write: (line) => lines.push(line), now });
  const last = () => JSON.parse(lines.at(-1) ?? "") as Record<string, unknown>;

  it("writes hclog's JSON in one line, with six digits in the time", () => {
    log.warn("two\nlines", { count: 1 });
    expect(lines.at(-1)).to.match(/^[^\n]+\n$/);
    expect(last()).to.deep.equal({
      "@level": "warn",
      "@message": "two\nlines",
      "@module": "demo",
      "@timestamp": "2026-01-02T03:04:05.006000Z",
      count: 1,
    });
  });

  it("keeps fields from taking hclog's own names, and writes what JSON cannot", () => {
    log.info("m", { "@level": "x", "@other": 1, big: 2n ** 64n, error: new TypeError("wrong") });
    expect(last()).to.include({ "@level": "info", big: "18446744073709551616", error: "TypeError: wrong" });
    expect(last()).not.to.have.property("@other");
  });
});
