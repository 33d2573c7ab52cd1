import { expect } from "chai";
import { UNKNOWN } from "../../../provider/terraform/cty/value";
import { toConfig } from "../../../provider/terraform/yciam/config";

describe("terraform configuration", () => {
  it("becomes options in camelCase, nested ones too", () => {
    const values = { min_remaining_validity: "20m", service_account_key: { file: "key.json", json: null } };
    expect(toConfig(values)).to.deep.equal({
      minRemainingValidity: "20m",
      serviceAccountKey: { file: "key.json" },
    });
  });

  it("keeps a group that is given empty: it is a choice", () => {
    expect(toConfig({ instance_metadata: { address: null }, yc_cli: null })).to.deep.equal({
      instanceMetadata: {},
    });
  });

  it("leaves out what is not known yet: a value, one in a group, a list with such an element", () => {
    const values = {
      endpoint: UNKNOWN,
      workload_identity: { service_account_id: "aje1", token: UNKNOWN },
      yc_cli: UNKNOWN,
      resolvers: ["ycCli", UNKNOWN],
    };
    expect(toConfig(values)).to.deep.equal({ workloadIdentity: { serviceAccountId: "aje1" } });
  });

  it("keeps lists, booleans and numbers", () => {
    expect(toConfig({ command: { argv: ["a", "b"] }, verify: false, retries: 3 })).to.deep.equal({
      command: { argv: ["a", "b"] },
      verify: false,
      retries: 3,
    });
  });
});
