import { expect } from "chai";
import { parseTimeout } from "../../../../provider/terraform/plugin/grpc/deadline";

describe("terraform plugin: grpc-timeout", () => {
  it("knows every unit", () => {
    const known = { "1H": 3_600_000, "2M": 120_000, "3S": 3000, "4m": 4, "5000u": 5, "1n": 1 };
    for (const [header, milliseconds] of Object.entries(known)) {
      expect(parseTimeout(header), header).to.equal(milliseconds);
    }
  });

  it("never asks for more than a timer can wait", () => {
    expect(parseTimeout("99999999H")).to.equal(2 ** 31 - 1);
  });

  it("takes no deadline from what it does not understand", () => {
    for (const header of [undefined, "", "5", "S", "123456789S", "1 S"]) {
      expect(parseTimeout(header), header).to.equal(undefined);
    }
  });
});
