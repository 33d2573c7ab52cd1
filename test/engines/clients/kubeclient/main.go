// The program kubeclient asks an API server through client-go, in one process: for each line that it reads, a path, it
// prints the status of the answer, or what went wrong. Further arguments are plugins that may be run, all when there is none.
package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

func connect(kubeconfig string, allowed []string) (*http.Client, string, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, "", err
	}
	if len(allowed) > 0 {
		policy := api.PluginPolicy{PolicyType: api.PluginPolicyAllowlist}
		for _, name := range allowed {
			policy.Allowlist = append(policy.Allowlist, api.AllowlistEntry{Command: name})
		}
		config.ExecProvider.PluginPolicy = policy
	}
	client, err := rest.HTTPClientFor(config)
	return client, config.Host, err
}

func main() {
	client, host, err := connect(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		reply, err := client.Get(host + lines.Text())
		if err != nil {
			fmt.Println(err)
			continue
		}
		reply.Body.Close()
		fmt.Println(reply.StatusCode)
	}
}
