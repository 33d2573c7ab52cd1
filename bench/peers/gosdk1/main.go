// Prints one IAM token by go-sdk.
package main

import (
	"context"
	"fmt"
	"os"

	ycsdk "github.com/yandex-cloud/go-sdk"
	"github.com/yandex-cloud/go-sdk/iamkey"
)

func check[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func main() {
	context := context.Background()
	key := check(iamkey.ReadFromJSONFile(os.Getenv("YC_SERVICE_ACCOUNT_KEY_FILE")))
	config := ycsdk.Config{Credentials: check(ycsdk.ServiceAccountKey(key)), Endpoint: os.Getenv("BENCH_GRPC")}
	sdk := check(ycsdk.Build(context, config))
	fmt.Println(check(sdk.CreateIAMToken(context)).IamToken)
}
