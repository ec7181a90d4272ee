// The Pulumi plugin `random`: the Terraform provider behind Pulumi's bridge, as the vendor builds it.
package main

import (
	"context"
	"fmt"

	pfbridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	provider "github.com/terraform-providers/terraform-provider-random/bridged"
)

const name = "random"

// version is that of the npm package @pulumi/random. The linker sets it.
var version string

// bytesID takes the value itself as the id of RandomBytes: the Terraform resource has no id.
func bytesID(_ context.Context, state resource.PropertyMap) (resource.ID, error) {
	value := state["base64"]
	if value.IsSecret() {
		value = value.SecretValue().Element
	}
	if !value.IsString() {
		return "", fmt.Errorf("the property base64 of RandomBytes is no text")
	}
	return resource.ID(value.StringValue()), nil
}

// assumeFirstSchema reads states of RandomString that lost the version of their schema (pulumi-random, issue 258).
func assumeFirstSchema(args tfbridge.PreStateUpgradeHookArgs) (int64, resource.PropertyMap, error) {
	return max(args.PriorStateSchemaVersion, 1), args.PriorState, nil
}

func main() {
	info := tfbridge.ProviderInfo{
		P:            pfbridge.ShimProvider(provider.New()),
		Name:         name,
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Resources: map[string]*tfbridge.ResourceInfo{
			"random_bytes":  {ComputeID: bytesID},
			"random_string": {PreStateUpgradeHook: assumeFirstSchema},
		},
		EnableAccurateBridgePreview: true,
		EnableRawStateDelta:         true,
	}
	token := func(module, resource string) (string, error) {
		return tokens.MakeStandard(name)(module, "Random"+resource)
	}
	info.MustComputeTokens(tokens.SingleModule(name+"_", "index", token))
	schema := fmt.Appendf(nil, `{"name":%q,"version":%q}`, name, version)
	pfbridge.Main(context.Background(), name, info, pfbridge.ProviderMetadata{PackageSchema: schema})
}
