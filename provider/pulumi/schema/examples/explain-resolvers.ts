import { RELEASE } from "../../../generated/release";
import type { Example } from "../example";

/** Why this resolver and no other. */
export const explainResolversExample: Example = {
  title: "Which resolver answers here",
  typescript: `
import * as yciam from "yciam";

export const explanation = yciam.explainResolvers();
`,
  python: `
import pulumi
import pulumi_yciam as yciam

pulumi.export("explanation", yciam.explain_resolvers_output().resolvers)
`,
  go: `
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"${RELEASE.goModule}/yciam"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		explanation := yciam.ExplainResolversOutput(ctx, yciam.ExplainResolversOutputArgs{})
		ctx.Export("explanation", explanation.Resolvers())
		return nil
	})
}
`,
  yaml: `
variables:
  explanation:
    fn::invoke:
      function: yciam:explainResolvers
outputs:
  explanation: \${explanation.resolvers}
`,
};
