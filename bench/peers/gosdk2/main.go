// Prints one IAM token by go-sdk/v2; or, told how many milliseconds to go on, how many tokens a second it gives from memory.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/yandex-cloud/go-sdk/v2"
	"github.com/yandex-cloud/go-sdk/v2/credentials"
	"github.com/yandex-cloud/go-sdk/v2/pkg/authentication"
	"github.com/yandex-cloud/go-sdk/v2/pkg/options"
	middleware "github.com/yandex-cloud/go-sdk/v2/pkg/transport/middleware/authentication"
	"go.uber.org/zap"
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
	key := check(credentials.ServiceAccountKeyFile(os.Getenv("YC_SERVICE_ACCOUNT_KEY_FILE")))
	endpoint := options.WithDiscoveryEndpoint(os.Getenv("BENCH_GRPC"))
	sdk := check(ycsdk.Build(context, options.WithCredentials(key), endpoint))
	if len(os.Args) == 1 {
		fmt.Println(check(sdk.CreateIAMToken(context)).GetIamToken())
		return
	}
	iam := check(sdk.GetEndpoint(ycsdk.IamTokenCreateEndpoint))
	// The SDK asks this object for the token of each call.
	tokens := middleware.NewIAMTokenMiddleware(check(authentication.NewAuthenticatorFromEndpoint(zap.NewNop(), key, iam)))
	get := func() { check(tokens.GetIAMToken(context, false)) }
	get()
	fmt.Println(perSecond(check(strconv.Atoi(os.Args[1])), get))
}

func perSecond(milliseconds int, call func()) float64 {
	start, calls := time.Now(), 0
	limit := time.Duration(milliseconds) * time.Millisecond
	for time.Since(start) < limit {
		for range 100 {
			call()
		}
		calls += 100
	}
	return float64(calls) / time.Since(start).Seconds()
}
