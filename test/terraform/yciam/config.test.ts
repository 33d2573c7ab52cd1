import { expect } from "chai";
import { UNKNOWN } from "../../../provider/terraform/cty/value";
import { toConfig } from "../../../provider/terraform/yciam/config";

describe("terraform configuration", () => {
  it("becomes options in camelCase, without what is null or not known yet; an empty block stays: it is a choice", () => {
    const values = {
      retries: 3,
      endpoint: UNKNOWN,
      resolvers: ["a", "b"],
      service_account_key: { file: "key.json", json: null },
      instance_metadata: { address: null },
      workload_identity: { service_account_id: "aje1", token: UNKNOWN },
      yc_cli: UNKNOWN,
      yc_profile: null,
    };
    expect(toConfig(values)).to.deep.equal({
      retries: 3,
      resolvers: ["a", "b"],
      serviceAccountKey: { file: "key.json" },
      instanceMetadata: {},
      workloadIdentity: { serviceAccountId: "aje1" },
    });
    expect(toConfig({ resolvers: ["ycCli", UNKNOWN] }), "a list with such an element").to.deep.equal({});
  });
});
