// The kvm-fleet/libvirt provider: KVM hosts as Terraform resources, through libvirt.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/inventory"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/provider"
)

//go:generate go run ./internal/docs/generate

const address = "registry.terraform.io/kvm-fleet/libvirt"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 1 && args[0] == "inventory" {
		return inventory.Run(context.Background(), os.Stdin, os.Stdout)
	}
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return provider.New() })
}
