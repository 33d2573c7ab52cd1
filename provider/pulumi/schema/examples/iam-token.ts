import { RELEASE } from "../../../generated/release";
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
	"${RELEASE.goModule}/yciam"
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
