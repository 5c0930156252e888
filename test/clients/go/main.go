// Runs a command with armcompute and prints the result as one line of JSON.
//
// Without --explicit nothing here refers to azrun: it is a program for the public cloud. Each major version of armcompute
// is a separate package, so each has a file here that defines the names for the other files.
//
// With the arguments `machines FILE` it runs the steps of that file instead: machines.go. With `named` it runs named
// scenarios: named.go.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

type arguments struct {
	credential, explicit, group, vm string
	times                           int
	input                           runCommandInput
}

type failure struct {
	Code    *string `json:"code"`
	Message string  `json:"message"`
	Status  *int    `json:"status"`
}

type report struct {
	Statuses     []*instanceViewStatus `json:"statuses,omitempty"`
	Error        *failure              `json:"error,omitempty"`
	Milliseconds []float64             `json:"milliseconds"`
}

func main() {
	switch {
	case len(os.Args) == 3 && os.Args[1] == "machines":
		exitOn(printMachines(os.Args[2]), 1)
	case len(os.Args) > 3 && os.Args[1] == "named":
		exitOn(printNamed(os.Args[2:]), 1)
	default:
		args, err := parse(os.Args[1:])
		exitOn(err, 2)
		exitOn(json.NewEncoder(os.Stdout).Encode(run(context.Background(), args)), 1)
	}
}

func exitOn(err error, code int) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(code)
	}
}

func printMachines(file string) error {
	seen, err := takeSteps(file)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(seen)
}

func run(ctx context.Context, args arguments) report {
	done := report{Milliseconds: []float64{}}
	client, err := newClient(args)
	if err != nil {
		done.Error = newFailure(err)
		return done
	}
	for range args.times {
		start := time.Now()
		result, err := runCommand(ctx, client, args)
		done.Milliseconds = append(done.Milliseconds, float64(time.Since(start).Microseconds())/1000)
		done.Statuses, done.Error = result.Value, newFailure(err)
		if err != nil {
			break
		}
	}
	return done
}

func runCommand(
	ctx context.Context, client *virtualMachinesClient, args arguments,
) (runCommandResponse, error) {
	poller, err := client.BeginRunCommand(ctx, args.group, args.vm, args.input, nil)
	if err != nil {
		return runCommandResponse{}, err
	}
	return poller.PollUntilDone(ctx, nil)
}

func newClient(args arguments) (*virtualMachinesClient, error) {
	options := optionsOf(args)
	credential, err := newCredential(args, options)
	if err != nil {
		return nil, err
	}
	subscription := os.Getenv("AZURE_SUBSCRIPTION_ID")
	return newVirtualMachinesClient(subscription, credential, &arm.ClientOptions{ClientOptions: options})
}

func optionsOf(args arguments) azcore.ClientOptions {
	options := azcore.ClientOptions{}
	if args.explicit != "" {
		options.Cloud = cloud.Configuration{
			ActiveDirectoryAuthorityHost: args.explicit,
			Services: map[cloud.ServiceName]cloud.ServiceConfiguration{
				cloud.ResourceManager: {Endpoint: args.explicit, Audience: "https://management.azure.com"},
			},
		}
	}
	return options
}

func newCredential(args arguments, options azcore.ClientOptions) (azcore.TokenCredential, error) {
	switch args.credential {
	case "managed-identity":
		return azidentity.NewManagedIdentityCredential(nil)
	case "default":
		return azidentity.NewDefaultAzureCredential(&azidentity.DefaultAzureCredentialOptions{
			ClientOptions:            options,
			DisableInstanceDiscovery: args.explicit != "",
		})
	}
	tenant, client, secret := os.Getenv("AZURE_TENANT_ID"), os.Getenv("AZURE_CLIENT_ID"), os.Getenv("AZURE_CLIENT_SECRET")
	return azidentity.NewClientSecretCredential(tenant, client, secret, &azidentity.ClientSecretCredentialOptions{
		ClientOptions:            options,
		DisableInstanceDiscovery: args.explicit != "",
	})
}

// newFailure describes an error with the response of Resource Manager or of the login, if there is one.
func newFailure(err error) *failure {
	if err == nil {
		return nil
	}
	var answered *azcore.ResponseError
	var login *azidentity.AuthenticationFailedError
	switch {
	case errors.As(err, &answered):
		return &failure{Code: &answered.ErrorCode, Message: err.Error(), Status: &answered.StatusCode}
	case errors.As(err, &login) && login.RawResponse != nil:
		return &failure{Message: err.Error(), Status: &login.RawResponse.StatusCode}
	}
	return &failure{Message: err.Error()}
}

func parse(argv []string) (arguments, error) {
	args := arguments{}
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&args.credential, "credential", "secret", "")
	flags.StringVar(&args.explicit, "explicit", "", "")
	flags.StringVar(&args.group, "group", "", "")
	flags.StringVar(&args.vm, "vm", "", "")
	flags.IntVar(&args.times, "times", 1, "")
	args.input.CommandID = flags.String("command", "RunShellScript", "")
	flags.Func("script", "", func(line string) error {
		args.input.Script = append(args.input.Script, &line)
		return nil
	})
	flags.Func("parameter", "", func(text string) error {
		name, value, found := strings.Cut(text, "=")
		if !found {
			return errors.New("it must be NAME=VALUE")
		}
		args.input.Parameters = append(args.input.Parameters,
			&runCommandInputParameter{Name: to.Ptr(name), Value: to.Ptr(value)})
		return nil
	})
	if err := flags.Parse(argv); err != nil {
		return args, err
	}
	if flags.NArg() > 0 {
		return args, fmt.Errorf("%q is no option", flags.Arg(0))
	}
	return args, check(args)
}

func check(args arguments) error {
	switch args.credential {
	case "secret", "managed-identity", "default":
	default:
		return fmt.Errorf("--credential must be secret, managed-identity or default: %q", args.credential)
	}
	if args.group == "" || args.vm == "" {
		return errors.New("--group and --vm must be given")
	}
	if args.times < 1 {
		return fmt.Errorf("--times must be 1 or more: %d", args.times)
	}
	return nil
}
