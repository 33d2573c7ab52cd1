// A Pulumi plugin of the same shape: a function that hands out a token.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"sync"

	rpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	"yciam.invalid/bench/go/token"
)

const schema = `{"name": "peer", "version": "1.0.0", "functions": {"peer:index:getIamToken": {"outputs": {
	"properties": {"token": {"type": "string", "secret": true}, "expiresAt": {"type": "string"}}}}}}`

type peer struct {
	rpc.UnimplementedResourceProviderServer
	get func() (*token.Answer, error)
}

func (*peer) Handshake(context.Context, *rpc.ProviderHandshakeRequest) (*rpc.ProviderHandshakeResponse, error) {
	return &rpc.ProviderHandshakeResponse{AcceptSecrets: true}, nil
}

func (*peer) GetPluginInfo(context.Context, *emptypb.Empty) (*rpc.PluginInfo, error) {
	return &rpc.PluginInfo{Version: "1.0.0"}, nil
}

func (*peer) GetSchema(context.Context, *rpc.GetSchemaRequest) (*rpc.GetSchemaResponse, error) {
	return &rpc.GetSchemaResponse{Schema: schema}, nil
}

func (*peer) CheckConfig(_ context.Context, request *rpc.CheckRequest) (*rpc.CheckResponse, error) {
	return &rpc.CheckResponse{Inputs: request.News}, nil
}

func (*peer) DiffConfig(context.Context, *rpc.DiffRequest) (*rpc.DiffResponse, error) {
	return &rpc.DiffResponse{}, nil
}

func (*peer) Configure(context.Context, *rpc.ConfigureRequest) (*rpc.ConfigureResponse, error) {
	return &rpc.ConfigureResponse{AcceptSecrets: true}, nil
}

func (p *peer) Invoke(context.Context, *rpc.InvokeRequest) (*rpc.InvokeResponse, error) {
	answer, err := p.get()
	if err != nil {
		return nil, err
	}
	result, err := structpb.NewStruct(map[string]any{"token": secret(answer.IamToken), "expiresAt": answer.ExpiresAt})
	return &rpc.InvokeResponse{Return: result}, err
}

// A secret, as it travels.
func secret(value string) map[string]any {
	return map[string]any{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": value}
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	get := sync.OnceValues(func() (*token.Answer, error) { return token.Get(context.Background()) })
	rpc.RegisterResourceProviderServer(server, &peer{get: get})
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(server.Serve(listener))
}
