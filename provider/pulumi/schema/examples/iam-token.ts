import type { Example } from "../example";

/** The resource. */
export const iamTokenExample: Example = {
  title: "A token that stays the same for most of its life",
  typescript: `
import * as yciam from "yciam";

const kept = new yciam.IamToken("deployer", { minRemainingValidity: "2h" });
export const token = kept.token;
`,
  python: `
import pulumi
import pulumi_yciam as yciam

kept = yciam.IamToken("deployer", min_remaining_validity="2h")
pulumi.export("token", kept.token)
`,
  go: `
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"yciam/sdk/go/yciam"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		kept, err := yciam.NewIamToken(ctx, "deployer", &yciam.IamTokenArgs{
			MinRemainingValidity: pulumi.String("2h"),
		})
		if err != nil {
			return err
		}
		ctx.Export("token", kept.Token)
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
    var kept = new Yciam.IamToken("deployer", new() { MinRemainingValidity = "2h" });
    return new Dictionary<string, object?> { ["token"] = kept.Token };
});
`,
  java: `
package myproject;

import com.pulumi.Pulumi;
import com.pulumi.yciam.IamToken;
import com.pulumi.yciam.IamTokenArgs;

public class App {
    public static void main(String[] args) {
        Pulumi.run(ctx -> {
            var kept = new IamToken("deployer", IamTokenArgs.builder()
                .minRemainingValidity("2h")
                .build());
            ctx.export("token", kept.token());
        });
    }
}
`,
  yaml: `
resources:
  deployer:
    type: yciam:IamToken
    properties:
      minRemainingValidity: 2h
outputs:
  token: \${deployer.token}
`,
};
