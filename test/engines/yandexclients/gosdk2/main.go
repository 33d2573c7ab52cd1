// Does with go-sdk/v2 what each line of standard input says, and answers each by a line of JSON.
package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/yandex-cloud/go-genproto/yandex/cloud/iam/v1"
	"github.com/yandex-cloud/go-genproto/yandex/cloud/resourcemanager/v1"
	"github.com/yandex-cloud/go-sdk/v2"
	"github.com/yandex-cloud/go-sdk/v2/credentials"
	"github.com/yandex-cloud/go-sdk/v2/pkg/authentication"
	"github.com/yandex-cloud/go-sdk/v2/pkg/options"
	"go.uber.org/zap"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
)

const (
	list   = protoreflect.FullName("yandex.cloud.resourcemanager.v1.CloudService.List")
	revoke = protoreflect.FullName("yandex.cloud.iam.v1.IamTokenService.Revoke")
)

func check[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func holder() credentials.Credentials {
	if file := os.Getenv("YC_SERVICE_ACCOUNT_KEY_FILE"); file != "" {
		return check(credentials.ServiceAccountKeyFile(file))
	}
	return credentials.InstanceServiceAccount()
}

func do(context context.Context, sdk *ycsdk.SDK, holder credentials.Credentials, words []string) (string, error) {
	switch words[0] {
	case "clouds":
		reply, err := resourcemanager.NewCloudServiceClient(check(sdk.GetConnection(context, list))).
			List(context, &resourcemanager.ListCloudsRequest{})
		if err != nil {
			return "", err
		}
		return reply.Clouds[0].Name, nil
	case "impersonate":
		// Its option for a call cannot be made; this object is what it would ask.
		endpoint := check(sdk.GetEndpoint(ycsdk.IamTokenCreateEndpoint))
		asker := check(authentication.NewAuthenticatorFromEndpoint(zap.NewNop(), holder, endpoint))
		return fingerprint(asker.CreateIAMTokenForServiceAccount(context, words[1]))
	case "token":
		return fingerprint(sdk.CreateIAMToken(context))
	case "revoke":
		token, err := sdk.CreateIAMToken(context)
		if err != nil {
			return "", err
		}
		reply, err := iam.NewIamTokenServiceClient(check(sdk.GetConnection(context, revoke))).
			Revoke(context, &iam.RevokeIamTokenRequest{IamToken: token.GetIamToken()})
		return reply.GetSubjectId(), err
	}
	return "", fmt.Errorf("unknown word: %s", words[0])
}

func fingerprint(token authentication.IamToken, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(token.GetIamToken())))[:12], nil
}

// What the client learns of an error.
func told(err error) map[string]any {
	answer := map[string]any{"code": status.Code(err), "message": err.Error()}
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.RequestInfo); ok {
			answer["requestId"] = info.RequestId
		}
	}
	return answer
}

func main() {
	context := context.Background()
	holder := holder()
	sdk := check(ycsdk.Build(context, options.WithCredentials(holder), options.WithDiscoveryEndpoint(os.Getenv("YC_ENDPOINT"))))
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		result, err := do(context, sdk, holder, strings.Fields(lines.Text()))
		answer := map[string]any{"result": result}
		if err != nil {
			answer = told(err)
		}
		fmt.Println(string(check(json.Marshal(answer))))
	}
}
