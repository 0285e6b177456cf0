// The kvm-fleet/libvirt provider: KVM hosts as Terraform resources, through libvirt.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/inventory"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing"
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
	if len(args) == 1 && args[0] == "probe" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		context.AfterFunc(ctx, stop)   // a second time it ends at once
		signal.Ignore(syscall.SIGPIPE) // who asked may be gone: what is in the guests is taken away all the same
		return probing.Run(ctx, os.Stdin, os.Stdout, os.Stderr)
	}
	var options []tf6server.ServeOpt
	if len(args) == 1 && args[0] == "debug" {
		options = append(options, tf6server.WithManagedDebug()) // serves until it is interrupted, and prints TF_REATTACH_PROVIDERS for Terraform
	}
	quiet()
	log.SetFlags(0) // Terraform takes a line's level from its beginning
	debug.SetGCPercent(gcPercent)
	go endWith(os.Getppid())
	log := journal.Default()
	defer log.Close()
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return provider.New().WithJournal(log) }, options...)
}

// endWith ends the provider when Terraform is gone: one that was killed could not end it, and nothing tells (go-plugin 1.7). What was begun then
// is known to the next one.
func endWith(terraform int) {
	const look = time.Second // being given another parent is no event
	for os.Getppid() == terraform {
		time.Sleep(look)
	}
	os.Exit(1)
}

// Collecting less often than Go would costs some MiB (peak 40 rather than 30 in a plan of 1,000 domains) and saves a quarter of the
// provider's processor time there.
const gcPercent = 400

// quiet turns the protocol library's own log off where nobody reads it: some lines for every call, which Terraform parses and drops. A plan
// of 1,000 domains takes a tenth less processor time without them.
func quiet() {
	for _, name := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_SDK", "TF_LOG_SDK_PROTO"} {
		if os.Getenv(name) != "" {
			return
		}
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO"} {
		if os.Setenv(name, "OFF") != nil {
			return // the log stays on
		}
	}
}
