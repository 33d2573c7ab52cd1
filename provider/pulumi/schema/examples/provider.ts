import { RELEASE } from "../../../generated/release";
import type { Example } from "../example";

/** Two identities in one program. */
export const providerExample: Example = {
  title: "An identity of its own",
  typescript: `
import * as pulumi from "@pulumi/pulumi";
import * as yciam from "yciam";

const key = new pulumi.Config().requireSecret("auditorKey");
const auditor = new yciam.Provider("auditor", { serviceAccountKey: { json: key } });
export const token = yciam.getIamTokenOutput({}, { provider: auditor }).token;
`,
  python: `
import pulumi
import pulumi_yciam as yciam

key = pulumi.Config().require_secret("auditorKey")
auditor = yciam.Provider("auditor", service_account_key={"json": key})
iam = yciam.get_iam_token_output(opts=pulumi.InvokeOutputOptions(provider=auditor))
pulumi.export("token", iam.token)
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
		auditor, err := yciam.NewProvider(ctx, "auditor", &yciam.ProviderArgs{
			ServiceAccountKey: yciam.ServiceAccountKeyOptionsArgs{
				Json: config.RequireSecret(ctx, "auditorKey"),
			},
		})
		if err != nil {
			return err
		}
		iam := yciam.LookupIamTokenOutput(ctx, yciam.LookupIamTokenOutputArgs{}, pulumi.Provider(auditor))
		ctx.Export("token", iam.Token())
		return nil
	})
}
`,
  yaml: `
config:
  auditorKey:
    type: string
    secret: true
resources:
  auditor:
    type: pulumi:providers:yciam
    properties:
      serviceAccountKey:
        json: \${auditorKey}
variables:
  iam:
    fn::invoke:
      function: yciam:getIamToken
      options:
        provider: \${auditor}
outputs:
  token: \${iam.token}
`,
};
