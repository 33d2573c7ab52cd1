import { RELEASE } from "../../../generated/release";
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
	"${RELEASE.goModule}/yciam"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		info := yciam.GetIamTokenInfoOutput(ctx, yciam.GetIamTokenInfoOutputArgs{})
		ctx.Export("expiresAt", info.ExpiresAt())
		return nil
	})
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
