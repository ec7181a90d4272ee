module bibind.test/sandbox/http-echo

go 1.26.0

require github.com/hashicorp/http-echo v1.0.0
