module azrun-client

go 1.25.0
