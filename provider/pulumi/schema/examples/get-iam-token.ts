import { RELEASE } from "../../../generated/release";
import type { Example } from "../example";

/** The data source, with an authorised key out of the stack's configuration. */
export const getIamTokenExample: Example = {
  title: "A token from an authorised key",
  typescript: `
import * as pulumi from "@pulumi/pulumi";
import * as yciam from "yciam";

const key = new pulumi.Config().requireSecret("serviceAccountKey");
const iam = yciam.getIamTokenOutput({ serviceAccountKey: { json: key } });
export const authorization = iam.authorizationHeader;
`,
  python: `
import pulumi
import pulumi_yciam as yciam

key = pulumi.Config().require_secret("serviceAccountKey")
iam = yciam.get_iam_token_output(service_account_key={"json": key})
pulumi.export("authorization", iam.authorization_header)
`,
  go: `
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
	"${RELEASE.goModule}/yciam"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		iam := yciam.LookupIamTokenOutput(ctx, yciam.LookupIamTokenOutputArgs{
			ServiceAccountKey: yciam.ServiceAccountKeyOptionsArgs{
				Json: config.RequireSecret(ctx, "serviceAccountKey"),
			},
		})
		ctx.Export("authorization", iam.AuthorizationHeader())
		return nil
	})
}
`,
  yaml: `
config:
  serviceAccountKey:
    type: string
    secret: true
variables:
  iam:
    fn::invoke:
      function: yciam:getIamToken
      arguments:
        serviceAccountKey:
          json: \${serviceAccountKey}
outputs:
  authorization: \${iam.authorizationHeader}
`,
};
