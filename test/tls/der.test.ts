import { expect } from "chai";
import { der, oid } from "../../provider/tls/der";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("DER", () => {
  it("writes short and long lengths, and object identifiers with arcs of several bytes", () => {
    const heads = { 127: "047f", 128: "048180", 256: "04820100", 65_536: "0483010000" };
    for (const [length, head] of Object.entries(heads))
      expect(hex(der(4, Buffer.alloc(Number(length)))).slice(0, head.length)).to.equal(head);
    expect(hex(oid("1.2.840.10045.4.3.2"))).to.equal("06082a8648ce3d040302");
  });
});
