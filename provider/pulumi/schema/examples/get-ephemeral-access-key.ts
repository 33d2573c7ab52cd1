import { RELEASE } from "../../../generated/release";
import type { Example } from "../example";

/** A key of Object Storage for what speaks AWS's protocol. */
export const getEphemeralAccessKeyExample: Example = {
  title: "A key of Object Storage for two hours",
  typescript: `
import * as yciam from "yciam";

const key = yciam.getEphemeralAccessKeyOutput({ duration: "2h" });
export const accessKeyId = key.accessKeyId;
export const sessionToken = key.sessionToken;
`,
  python: `
import pulumi
import pulumi_yciam as yciam

key = yciam.get_ephemeral_access_key_output(duration="2h")
pulumi.export("accessKeyId", key.access_key_id)
pulumi.export("sessionToken", key.session_token)
`,
  go: `
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"${RELEASE.goModule}/yciam"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		key := yciam.GetEphemeralAccessKeyOutput(ctx, yciam.GetEphemeralAccessKeyOutputArgs{
			Duration: pulumi.String("2h"),
		})
		ctx.Export("accessKeyId", key.AccessKeyId())
		ctx.Export("sessionToken", key.SessionToken())
		return nil
	})
}
`,
  yaml: `
variables:
  key:
    fn::invoke:
      function: yciam:getEphemeralAccessKey
      arguments:
        duration: 2h
outputs:
  accessKeyId: \${key.accessKeyId}
  sessionToken: \${key.sessionToken}
`,
};
