curl --fail --silent --show-error -H 'Authorization: Bearer any' -H 'Content-Type: application/json' -H 'Prefer: wait=10' \
  -d '{"commandId":"RunShellScript","script":["echo hello from a script"]}' \
  'https://management.azure.com/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm/runCommand?api-version=2024-03-01'
