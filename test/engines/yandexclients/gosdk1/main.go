// Does with go-sdk what each line of standard input says, and answers each by a line of JSON.
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
	ycsdk "github.com/yandex-cloud/go-sdk"
	"github.com/yandex-cloud/go-sdk/iamkey"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
)

func check[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func build(context context.Context) *ycsdk.SDK {
	config := ycsdk.Config{Credentials: ycsdk.InstanceServiceAccount(), Endpoint: os.Getenv("YC_ENDPOINT")}
	config.Plaintext = os.Getenv("YC_PLAINTEXT") == "true"
	if file := os.Getenv("YC_SERVICE_ACCOUNT_KEY_FILE"); file != "" {
		config.Credentials = check(ycsdk.ServiceAccountKey(check(iamkey.ReadFromJSONFile(file))))
	}
	return check(ycsdk.Build(context, config))
}

// Lists clouds, which takes a token.
func clouds(context context.Context, sdk *ycsdk.SDK, options ...grpc.CallOption) (string, error) {
	reply, err := sdk.ResourceManager().Cloud().List(context, &resourcemanager.ListCloudsRequest{}, options...)
	if err != nil {
		return "", err
	}
	return reply.Clouds[0].Name, nil
}

func do(context context.Context, sdk *ycsdk.SDK, words []string) (string, error) {
	switch words[0] {
	case "clouds":
		return clouds(context, sdk)
	case "impersonate":
		return clouds(context, sdk, ycsdk.WithAuthAsServiceAccount(words[1]))
	case "token", "revoke":
		token, err := sdk.CreateIAMToken(context)
		if err != nil || words[0] == "token" {
			return fingerprint(token.GetIamToken()), err
		}
		reply, err := sdk.IAM().IamToken().Revoke(context, &iam.RevokeIamTokenRequest{IamToken: token.IamToken})
		return reply.GetSubjectId(), err
	}
	return "", fmt.Errorf("unknown word: %s", words[0])
}

func fingerprint(token string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(token)))[:12]
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
	sdk := build(context)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		result, err := do(context, sdk, strings.Fields(lines.Text()))
		answer := map[string]any{"result": result}
		if err != nil {
			answer = told(err)
		}
		fmt.Println(string(check(json.Marshal(answer))))
	}
}
