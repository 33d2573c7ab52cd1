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
	"yciam/sdk/go/yciam"
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
  csharp: `
using System.Collections.Generic;
using Pulumi;
using Yciam = Pulumi.Yciam;

return await Deployment.RunAsync(() =>
{
    var iam = Yciam.GetIamToken.Invoke(new()
    {
        ServiceAccountKey = new Yciam.Inputs.ServiceAccountKeyOptionsArgs
        {
            Json = new Config().RequireSecret("serviceAccountKey"),
        },
    });
    return new Dictionary<string, object?>
    {
        ["authorization"] = iam.Apply(answer => answer.AuthorizationHeader),
    };
});
`,
  java: `
package myproject;

import com.pulumi.Pulumi;
import com.pulumi.yciam.YciamFunctions;
import com.pulumi.yciam.inputs.GetIamTokenArgs;
import com.pulumi.yciam.inputs.ServiceAccountKeyOptionsArgs;

public class App {
    public static void main(String[] args) {
        Pulumi.run(ctx -> {
            var iam = YciamFunctions.getIamToken(GetIamTokenArgs.builder()
                .serviceAccountKey(ServiceAccountKeyOptionsArgs.builder()
                    .json(ctx.config().requireSecret("serviceAccountKey"))
                    .build())
                .build());
            ctx.export("authorization", iam.applyValue(answer -> answer.authorizationHeader()));
        });
    }
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
