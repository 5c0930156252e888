// Does with hashicorp/go-azure-sdk what terraform-provider-azurerm does, and prints the result as one line of JSON:
//
//	create VM NAME SCRIPT     creates and reads azurerm_virtual_machine_run_command
//	replace VM NAME SCRIPT    changes its source with a PUT of the whole resource, like older releases of the provider
//	update VM NAME SCRIPT     changes its source with a PATCH, like newer releases
//	delete VM NAME            deletes it
//	read VM                   reads the data source azurerm_virtual_machine with its addresses
//	ACTION VM                 start, restart, deallocate or power-off
//
// -timeout is the time limit: 30 minutes by default, like for a resource of the provider.
//
// Nothing here refers to azrun: it is a program for the public cloud, and logs in like the provider with ARM_CLIENT_ID and
// ARM_CLIENT_SECRET, or without a secret and with ARM_USE_MSI=true as the managed identity of its machine.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/hashicorp/go-azure-sdk/sdk/auth"
	"github.com/hashicorp/go-azure-sdk/sdk/environments"
)

const group = "rg"

// The pollers refuse a context without a deadline.
var timeout = flag.Duration("timeout", 30*time.Minute, "")

func main() {
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), *timeout)
	defer cancel()
	result, err := run(ctx, flag.Args())
	if err != nil {
		result = map[string]string{"error": err.Error()}
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, words []string) (any, error) {
	clients, err := newClients(ctx)
	if err != nil {
		return nil, err
	}
	verb, words := words[0], words[1:]
	switch verb {
	case "create":
		return clients.create(ctx, clients.runCommand(words[0], words[1]), words[2])
	case "replace":
		return clients.replace(ctx, clients.runCommand(words[0], words[1]), words[2])
	case "update":
		return clients.update(ctx, clients.runCommand(words[0], words[1]), words[2])
	case "delete":
		return clients.delete(ctx, clients.runCommand(words[0], words[1]))
	case "read":
		return clients.read(ctx, clients.machine(words[0]))
	}
	return clients.power(ctx, clients.machine(words[0]), verb)
}

func authorizer(ctx context.Context, environment *environments.Environment) (auth.Authorizer, error) {
	return auth.NewAuthorizerFromCredentials(ctx, auth.Credentials{
		Environment:                              *environment,
		TenantID:                                 os.Getenv("ARM_TENANT_ID"),
		ClientID:                                 os.Getenv("ARM_CLIENT_ID"),
		ClientSecret:                             os.Getenv("ARM_CLIENT_SECRET"),
		CustomManagedIdentityEndpoint:            os.Getenv("ARM_MSI_ENDPOINT"),
		CustomManagedIdentityAPIVersion:          os.Getenv("ARM_MSI_API_VERSION"),
		EnableAuthenticatingUsingClientSecret:    true,
		EnableAuthenticatingUsingManagedIdentity: os.Getenv("ARM_USE_MSI") == "true",
	}, environment.ResourceManager)
}
