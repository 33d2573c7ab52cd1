import { expect } from "chai";
import { parseTimeout } from "../../provider/grpc/deadline";

describe("grpc-timeout", () => {
  it("knows every unit, asks for no more than a timer can wait, and takes nothing from what it does not know", () => {
    const known = { "1H": 3_600_000, "2M": 120_000, "3S": 3000, "4m": 4, "5000u": 5, "1n": 1 };
    for (const [header, milliseconds] of Object.entries({ ...known, "99999999H": 2 ** 31 - 1 }))
      expect(parseTimeout(header), header).to.equal(milliseconds);
    for (const header of [undefined, "", "5", "S", "123456789S", "1 S"])
      expect(parseTimeout(header), header).to.equal(undefined);
  });
});
