// The path lies below that of the provider's module: only there may Go import the provider's internal package.
module github.com/terraform-providers/terraform-provider-random/bridged

go 1.26.0

require (
	github.com/hashicorp/terraform-plugin-framework v1.19.0
	github.com/terraform-providers/terraform-provider-random v1.3.2-0.20260513075824-f8d869dc98d9
)
