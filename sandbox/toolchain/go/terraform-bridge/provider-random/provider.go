// Package bridged exports the Terraform provider of random values.
package bridged

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	internal "github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// New returns the provider.
func New() provider.Provider { return internal.New() }
