package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

const (
	// The SDK waits forever for a response unless the program's context ends.
	stallTimeout = 2 * time.Second
	// Instead of 30 s between polls without a Retry-After.
	pollInterval = time.Second
	// Instead of 25 s between requests to a managed identity.
	identityDelay = time.Second
)

type seenRow struct {
	Name    string  `json:"name,omitempty"`
	Returns *string `json:"returns,omitempty"`
	Error   string  `json:"error,omitempty"`
}

// printNamed runs the named scenarios of the arguments with armcompute, and prints what a user sees as one line of JSON
// for each:
//
//	named --timeout SECONDS --explicit URL NAME...
//
// Each run is on the machine with the name of its scenario, all at the same time. Runs that last longer than the timeout
// are aborted. `named --login URL NAME` is for a scenario that affects azidentity.
func printNamed(argv []string) error {
	rows := []seenRow{}
	if argv[0] == "--login" {
		rows = append(rows, seenOf(logIn(ctx, argv[1], argv[2])))
	} else {
		timeout, err := time.ParseDuration(argv[1] + "s")
		if err != nil {
			return err
		}
		if rows, err = runNamed(timeout, argv[3], argv[4:]); err != nil {
			return err
		}
	}
	out := json.NewEncoder(os.Stdout)
	for _, row := range rows {
		if err := out.Encode(row); err != nil {
			return err
		}
	}
	return nil
}

func runNamed(timeout time.Duration, url string, names []string) ([]seenRow, error) {
	args := arguments{explicit: url}
	client, err := newClient(args)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	rows := make([]seenRow, len(names))
	var running sync.WaitGroup
	for i, name := range names {
		running.Add(1)
		go func() {
			defer running.Done()
			rows[i] = seenOf(act(ctx, client, name))
			rows[i].Name = name
		}()
	}
	running.Wait()
	return rows, nil
}

func logIn(ctx context.Context, url, name string) (string, error) {
	args := arguments{explicit: url}
	if name == "token-expires-while-polling" {
		client, err := newClient(args)
		if err != nil {
			return "", err
		}
		return act(ctx, client, name)
	}
	credential, err := credentialFor(name, args)
	if err != nil {
		return "", err
	}
	_, err = credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{"https://management.azure.com/.default"}})
	return "a token", err
}

func credentialFor(name string, args arguments) (azcore.TokenCredential, error) {
	if name != "identity-not-ready" {
		return newCredential(args, optionsOf(args))
	}
	return azidentity.NewManagedIdentityCredential(&azidentity.ManagedIdentityCredentialOptions{
		ClientOptions: azcore.ClientOptions{Retry: policy.RetryOptions{MaxRetryDelay: identityDelay}},
	})
}

func act(ctx context.Context, client *virtualMachinesClient, name string) (string, error) {
	if name == "list-lags" {
		return list(ctx, client)
	}
	if name == "stalls" {
		short, cancel := context.WithTimeout(ctx, stallTimeout)
		defer cancel()
		ctx = short
	}
	input := runCommandInput{CommandID: to.Ptr("RunShellScript"), Script: []*string{to.Ptr("echo hi")}}
	if name == "windows-error-stream" {
		input.CommandID = to.Ptr("RunPowerShellScript")
	}
	poller, err := client.BeginRunCommand(ctx, "rg", name, input, nil)
	if err != nil {
		return "", err
	}
	result, err := poller.PollUntilDone(ctx, &runtime.PollUntilDoneOptions{Frequency: pollInterval})
	if err != nil {
		return "", err
	}
	return textOf(result), nil
}

func list(ctx context.Context, client *virtualMachinesClient) (string, error) {
	names := []string{}
	for pager := client.NewListPager("rg", nil); pager.More(); {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return "", err
		}
		for _, vm := range page.Value {
			names = append(names, *vm.Name)
		}
	}
	text, err := json.Marshal(names)
	return string(text), err
}

func textOf(result runCommandResponse) string {
	if len(result.Value) == 0 {
		return "an empty result"
	}
	messages := []string{}
	for _, status := range result.Value {
		messages = append(messages, *status.Message)
	}
	return cut([]rune(strings.Join(messages, " | ")))
}

func cut(text []rune) string {
	if len(text) <= 120 {
		return string(text)
	}
	return string(text[:80]) + "…" + string(text[len(text)-30:])
}

func seenOf(returns string, err error) seenRow {
	if err == nil {
		return seenRow{Returns: &returns}
	}
	var answered *azcore.ResponseError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return seenRow{Error: "waits until it is aborted"}
	case errors.As(err, &answered):
		code := cmp.Or(answered.ErrorCode, "without a code")
		return seenRow{Error: fmt.Sprintf("ResponseError %d %s", answered.StatusCode, code)}
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return seenRow{Error: line[:min(len(line), 100)]}
}
