import { expect } from "chai";
import { bits, der, integer, octets, oid, sequence, time } from "../../../provider/terraform/plugin/der";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("terraform plugin: DER", () => {
  it("writes short and long lengths", () => {
    expect(hex(der(4, Buffer.alloc(127)).subarray(0, 2))).to.equal("047f");
    expect(hex(der(4, Buffer.alloc(128)).subarray(0, 3))).to.equal("048180");
    expect(hex(der(4, Buffer.alloc(256)).subarray(0, 4))).to.equal("04820100");
    expect(hex(der(4, Buffer.alloc(65_536)).subarray(0, 5))).to.equal("0483010000");
  });

  it("writes object identifiers, multi-byte arcs included", () => {
    expect(hex(oid("1.2.840.10045.4.3.2"))).to.equal("06082a8648ce3d040302");
    expect(hex(oid("2.5.29.17"))).to.equal("0603551d11");
  });

  it("writes times before and after 2050", () => {
    expect(time(Date.UTC(2049, 11, 31, 23, 59, 59)).toString("latin1")).to.equal("\x17\x0d491231235959Z");
    expect(time(Date.UTC(2050, 0, 1)).toString("latin1")).to.equal("\x18\x0f20500101000000Z");
  });

  it("nests", () => {
    expect(hex(sequence(integer(Buffer.from([5])), octets(Buffer.from([1, 2]))))).to.equal(
      "300702010504020102",
    );
    expect(hex(bits(Buffer.from([0x84]), 2))).to.equal("03020284");
  });
});
