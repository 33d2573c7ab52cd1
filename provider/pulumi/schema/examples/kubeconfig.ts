import { RELEASE } from "../../../generated/release";
import type { Example } from "../example";

/** A kubeconfig for the provider `kubernetes`, or for a person. */
export const kubeconfigExample: Example = {
  title: "A kubeconfig without a token",
  typescript: `
import { readFileSync } from "node:fs";
import * as yciam from "yciam";

export const kubeconfig = yciam.kubeconfig({
    server: "https://203.0.113.7",
    ca: readFileSync("ca.pem", "utf8"),
    name: "prod",
});
`,
  python: `
import pulumi
import pulumi_yciam as yciam

with open("ca.pem") as file:
    config = yciam.kubeconfig_output(server="https://203.0.113.7", ca=file.read(), name="prod")
pulumi.export("kubeconfig", config.kubeconfig)
`,
  go: `
package main

import (
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"${RELEASE.goModule}/yciam"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		ca, err := os.ReadFile("ca.pem")
		if err != nil {
			return err
		}
		config := yciam.KubeconfigOutput(ctx, yciam.KubeconfigOutputArgs{
			Server: pulumi.String("https://203.0.113.7"),
			Ca:     pulumi.String(string(ca)),
			Name:   pulumi.String("prod"),
		})
		ctx.Export("kubeconfig", config.Kubeconfig())
		return nil
	})
}
`,
  yaml: `
variables:
  config:
    fn::invoke:
      function: yciam:kubeconfig
      arguments:
        server: https://203.0.113.7
        ca:
          fn::readFile: ca.pem
        name: prod
outputs:
  kubeconfig: \${config.kubeconfig}
`,
};
