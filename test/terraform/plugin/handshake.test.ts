import { expect } from "chai";
import { handshakeLine, versionMismatch } from "../../../provider/terraform/plugin/handshake";

const LISTENING = { network: "unix", address: "/tmp/x/plugin.sock" } as const;

describe("terraform plugin: handshake", () => {
  it("takes protocol 6 in any order, and a host that does not tell; names both sides otherwise", () => {
    for (const versions of ["6", "5,6", "6,5", "", undefined])
      expect(versionMismatch({ PLUGIN_PROTOCOL_VERSIONS: versions }, "x"), versions).to.equal(undefined);
    const said = versionMismatch({ PLUGIN_PROTOCOL_VERSIONS: "4,5" }, "x");
    expect(said).to.match(/speaks plugin protocol 6, and this host offers 4, 5\. .*Terraform 1\.0/);
  });

  it("prints one line with an unpadded certificate, and that it does not multiplex only when asked", () => {
    expect(handshakeLine({}, LISTENING)).to.equal("1|6|unix|/tmp/x/plugin.sock|grpc|\n");
    const line = handshakeLine({}, { network: "tcp", address: "127.0.0.1:1" }, Buffer.from("ab"));
    expect(line).to.equal("1|6|tcp|127.0.0.1:1|grpc|YWI\n");
    expect(handshakeLine({ PLUGIN_MULTIPLEX_GRPC: "true" }, LISTENING)).to.match(/\|grpc\|\|false\n$/);
  });
});
