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
	"yciam/sdk/go/yciam"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		explanation := yciam.ExplainResolversOutput(ctx, yciam.ExplainResolversOutputArgs{})
		ctx.Export("explanation", explanation.Resolvers())
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
    ["explanation"] = Yciam.ExplainResolvers.Invoke().Apply(answer => answer.Resolvers),
});
`,
  java: `
package myproject;

import com.pulumi.Pulumi;
import com.pulumi.yciam.YciamFunctions;

public class App {
    public static void main(String[] args) {
        Pulumi.run(ctx -> {
            var explanation = YciamFunctions.explainResolvers();
            ctx.export("explanation", explanation.applyValue(answer -> answer.resolvers()));
        });
    }
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
