import { expect } from "chai";
import { UNKNOWN } from "../../../provider/terraform/cty/value";
import { toConfig } from "../../../provider/terraform/yciam/config";

describe("terraform configuration", () => {
  it("becomes options in camelCase, those of blocks too, without what is null", () => {
    const values = {
      retries: 3,
      resolvers: ["a", "b"],
      service_account_key: { file: "key.json", json: null },
    };
    const serviceAccountKey = { file: "key.json" };
    expect(toConfig(values)).to.deep.equal({ retries: 3, resolvers: ["a", "b"], serviceAccountKey });
  });

  it("keeps a block that is empty: it is a choice", () => {
    const values = { instance_metadata: { address: null }, yc_cli: null };
    expect(toConfig(values)).to.deep.equal({ instanceMetadata: {} });
  });

  it("leaves out what is not known yet: a value, one in a block, a list with such an element", () => {
    const values = {
      endpoint: UNKNOWN,
      workload_identity: { service_account_id: "aje1", token: UNKNOWN },
      yc_cli: UNKNOWN,
      resolvers: ["ycCli", UNKNOWN],
    };
    expect(toConfig(values)).to.deep.equal({ workloadIdentity: { serviceAccountId: "aje1" } });
  });
});
