package consumer

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

const vm = "https://management.azure.com/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg" +
	"/providers/Microsoft.Compute/virtualMachines/vm"

func TestRunsAScript(t *testing.T) {
	body := strings.NewReader(`{"commandId":"RunShellScript","script":["echo hello"]}`)
	request, _ := http.NewRequest("POST", vm+"/runCommand?api-version=2024-03-01", body)
	for name, value := range map[string]string{"Authorization": "Bearer any", "Content-Type": "application/json", "Prefer": "wait=10"} {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	if !strings.Contains(string(text), `[stdout]\nhello\n`) {
		t.Fatal(string(text))
	}
}
