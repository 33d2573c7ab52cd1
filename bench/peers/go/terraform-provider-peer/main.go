// A Terraform plugin of the same shape: a data source and an ephemeral resource that hand out a token.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	data "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	ephemerals "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"yciam.invalid/bench/go/token"
)

type peer struct{ source source }

func (peer) Metadata(_ context.Context, _ provider.MetadataRequest, reply *provider.MetadataResponse) {
	reply.TypeName = "peer"
}

func (peer) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (p peer) Configure(_ context.Context, _ provider.ConfigureRequest, reply *provider.ConfigureResponse) {
	reply.DataSourceData, reply.EphemeralResourceData = p.source, p.source
}

func (peer) Resources(context.Context) []func() resource.Resource { return nil }

func (p peer) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return &dataSource{p.source} }}
}

func (p peer) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{func() ephemeral.EphemeralResource { return &ephemeralResource{p.source} }}
}

// What both hand out.
type handedOut struct {
	Token     types.String `tfsdk:"token"`
	ExpiresAt types.String `tfsdk:"expires_at"`
}

type dataSource struct{ source source }

func (*dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, reply *datasource.MetadataResponse) {
	reply.TypeName = "peer_token"
}

func (*dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, reply *datasource.SchemaResponse) {
	reply.Schema = data.Schema{Attributes: map[string]data.Attribute{
		"token":      data.StringAttribute{Computed: true, Sensitive: true},
		"expires_at": data.StringAttribute{Computed: true},
	}}
}

func (d *dataSource) Read(context context.Context, _ datasource.ReadRequest, reply *datasource.ReadResponse) {
	answer, err := d.source()
	if err != nil {
		reply.Diagnostics.AddError("no token", err.Error())
		return
	}
	reply.Diagnostics.Append(reply.State.Set(context, handed(answer))...)
}

type ephemeralResource struct{ source source }

func (*ephemeralResource) Metadata(_ context.Context, _ ephemeral.MetadataRequest, reply *ephemeral.MetadataResponse) {
	reply.TypeName = "peer_token"
}

func (*ephemeralResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, reply *ephemeral.SchemaResponse) {
	reply.Schema = ephemerals.Schema{Attributes: map[string]ephemerals.Attribute{
		"token":      ephemerals.StringAttribute{Computed: true, Sensitive: true},
		"expires_at": ephemerals.StringAttribute{Computed: true},
	}}
}

func (e *ephemeralResource) Open(context context.Context, _ ephemeral.OpenRequest, reply *ephemeral.OpenResponse) {
	answer, err := e.source()
	if err != nil {
		reply.Diagnostics.AddError("no token", err.Error())
		return
	}
	reply.Diagnostics.Append(reply.Result.Set(context, handed(answer))...)
}

func handed(answer *token.Answer) handedOut {
	return handedOut{Token: types.StringValue(answer.IamToken), ExpiresAt: types.StringValue(answer.ExpiresAt)}
}

func main() {
	serve := providerserver.ServeOpts{Address: "registry.terraform.io/bench/peer"}
	create := func() provider.Provider { return peer{newSource()} }
	if err := providerserver.Serve(context.Background(), create, serve); err != nil {
		log.Fatal(err)
	}
}
