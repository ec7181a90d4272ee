// The Pulumi plugin `kubernetes`, built from the vendor's own module.
package main

import (
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

const name = "kubernetes"

func main() {
	// The schema serves only code generators.
	schema := fmt.Appendf(nil, `{"name":%q,"version":%q}`, name, version.Version)
	provider.Serve(name, version.Version, schema, []byte("{}"))
}
