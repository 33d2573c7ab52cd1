import { expect } from "chai";
import { createLogger } from "../../../provider/terraform/plugin/log";

function logged(act: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = [];
  act(
    createLogger({
      module: "demo",
      write: (line) => lines.push(line),
      now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6),
    }),
  );
  expect(lines).to.have.length(1);
  expect(lines[0]).to.match(/^[^\n]+\n$/);
  return JSON.parse(lines[0]!) as Record<string, unknown>;
}

describe("terraform plugin: log", () => {
  it("writes hclog's JSON, six digits in the time", () => {
    expect(logged((log) => log.warn("two\nlines", { count: 1 }))).to.deep.equal({
      "@level": "warn",
      "@message": "two\nlines",
      "@module": "demo",
      "@timestamp": "2026-01-02T03:04:05.006000Z",
      count: 1,
    });
  });

  it("keeps fields from taking hclog's own names", () => {
    expect(logged((log) => log.info("m", { "@level": "x", "@other": 1 }))).to.include({ "@level": "info" });
    expect(logged((log) => log.info("m", { "@other": 1 }))).not.to.have.property("@other");
  });

  it("writes what JSON cannot", () => {
    const line = logged((log) => log.error("m", { big: 2n ** 64n, error: new TypeError("wrong") }));
    expect(line).to.include({ big: "18446744073709551616", error: "TypeError: wrong" });
  });
});
