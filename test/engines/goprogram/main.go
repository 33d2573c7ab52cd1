// Command goprogram is a Pulumi program in Go together with what runs it, since no language host for Go is pinned: it
// drives the engine on PATH through the Automation API, in the project of the current folder.
//
//	goprogram <preview|up>
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
	"yciam.example/sdk/go/yciam"
)

// program uses every form that the SDK has.
func program(ctx *pulumi.Context) error {
	key := yciam.ServiceAccountKeyOptionsArgs{Json: config.RequireSecret(ctx, "key")}

	iam := yciam.LookupIamTokenOutput(ctx, yciam.LookupIamTokenOutputArgs{ServiceAccountKey: key})
	ctx.Export("token", iam.Token())
	ctx.Export("authorization", iam.AuthorizationHeader())
	ctx.Export("template", pulumi.Sprintf("token=%s", iam.Token()))
	ctx.Export("whole", iam)

	ambient := yciam.GetIamTokenInfoOutput(ctx, yciam.GetIamTokenInfoOutputArgs{})
	ctx.Export("expiresAt", ambient.ExpiresAt())
	explanation := yciam.ExplainResolversOutput(ctx, yciam.ExplainResolversOutputArgs{})
	ctx.Export("resolver", explanation.Resolvers().Index(pulumi.Int(1)).Resolver())

	cluster := yciam.KubeconfigOutputArgs{
		Server: pulumi.String("https://203.0.113.7"),
		Ca:     pulumi.String(config.Require(ctx, "ca")),
		Name:   pulumi.String("prod"),
	}
	ctx.Export("kubeconfig", yciam.KubeconfigOutput(ctx, cluster).Kubeconfig())

	// The plain form cannot carry a secret: it has to fail, and not to hand the token out in clear.
	_, err := yciam.LookupIamToken(ctx, &yciam.LookupIamTokenArgs{})
	ctx.Export("plainError", pulumi.String(fmt.Sprint(err)))

	provider, err := yciam.NewProvider(ctx, "identity", &yciam.ProviderArgs{ServiceAccountKey: key})
	if err != nil {
		return err
	}
	through := yciam.LookupIamTokenOutput(ctx, yciam.LookupIamTokenOutputArgs{}, pulumi.Provider(provider))
	ctx.Export("through", through.Token())

	kept, err := yciam.NewIamToken(ctx, "kept", &yciam.IamTokenArgs{ServiceAccountKey: key})
	if err != nil {
		return err
	}
	ctx.Export("kept", kept.Token)
	ctx.Export("fingerprint", kept.Fingerprint)
	return nil
}

func run(ctx context.Context, command string) error {
	stack, err := auto.UpsertStackInlineSource(ctx, "test", "yciam-e2e", program, auto.WorkDir("."))
	if err != nil {
		return err
	}
	if command == "preview" {
		_, err = stack.Preview(ctx, optpreview.ProgressStreams(os.Stdout), optpreview.ErrorProgressStreams(os.Stderr))
		return err
	}
	_, err = stack.Up(ctx, optup.ProgressStreams(os.Stdout), optup.ErrorProgressStreams(os.Stderr))
	return err
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: goprogram <preview|up>")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
