import type { Example } from "../example";

/** What may be shown of a token. In TypeScript the answer of getIamToken itself has only its secrets masked. */
export const getIamTokenInfoExample: Example = {
  title: "When the token dies",
  typescript: `
import * as yciam from "yciam";

export const expiresAt = yciam.getIamTokenOutput().expiresAt;
`,
  python: `
import pulumi
import pulumi_yciam as yciam

pulumi.export("expiresAt", yciam.get_iam_token_info_output().expires_at)
`,
  go: `
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"yciam/sdk/go/yciam"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		info := yciam.GetIamTokenInfoOutput(ctx, yciam.GetIamTokenInfoOutputArgs{})
		ctx.Export("expiresAt", info.ExpiresAt())
		return nil
	})
}
`,
  csharp: `
using System.Collections.Generic;
using Pulumi;
using Yciam = Pulumi.Yciam;

return await Deployment.RunAsync(() => new Dictionary<string, object?>
{
    ["expiresAt"] = Yciam.GetIamTokenInfo.Invoke().Apply(info => info.ExpiresAt),
});
`,
  java: `
package myproject;

import com.pulumi.Pulumi;
import com.pulumi.yciam.YciamFunctions;

public class App {
    public static void main(String[] args) {
        Pulumi.run(ctx -> {
            var info = YciamFunctions.getIamTokenInfo();
            ctx.export("expiresAt", info.applyValue(answer -> answer.expiresAt()));
        });
    }
}
`,
  yaml: `
variables:
  info:
    fn::invoke:
      function: yciam:getIamTokenInfo
outputs:
  expiresAt: \${info.expiresAt}
`,
};
