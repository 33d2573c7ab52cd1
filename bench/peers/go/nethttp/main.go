// Prints one IAM token.
package main

import (
	"context"
	"fmt"
	"os"

	"yciam.invalid/bench/go/token"
)

func main() {
	answer, err := token.Get(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(answer.IamToken)
}
