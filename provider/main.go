// Command terraform-provider-libvirt manages KVM hosts as Terraform resources through libvirt.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/acts"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/adoption"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/capacity"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/console"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/drift"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/inventory"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/invocation"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/provider"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/qemulog"
)

//go:generate go run ./internal/docs/generate

const address = "registry.terraform.io/kvm-fleet/libvirt"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves Terraform, or runs the command that args name.
func run(args []string) error {
	if len(args) == 1 && args[0] == "inventory" {
		return inventory.Run(context.Background(), os.Stdin, os.Stdout)
	}
	if len(args) == 1 && args[0] == "adoptable" {
		return adoption.Run(context.Background(), provider.Resources(), os.Stdin, os.Stdout)
	}
	if len(args) == 1 && args[0] == "facts" {
		return capacity.RunFacts(context.Background(), os.Stdin, os.Stdout)
	}
	if len(args) == 1 && args[0] == "demand" {
		return capacity.RunDemand(os.Stdin, os.Stdout)
	}
	if len(args) == 1 && args[0] == "act" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		return acts.Run(ctx, os.Stdin, os.Stdout)
	}
	if len(args) == 2 && args[0] == "logs" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		return qemulog.Run(ctx, args[1], os.Stdout)
	}
	if len(args) == 2 && args[0] == "console" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		return console.Run(ctx, args[1], os.Stdin, os.Stdout, os.Stderr)
	}
	if len(args) == 1 && args[0] == "probe" {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
		signal.Ignore(syscall.SIGPIPE) // the reader of the output may be gone, and the probes must still be removed from the guests
		return probing.Run(context.Background(), signals, os.Stdin, os.Stdout, os.Stderr)
	}
	if len(args) == 1 && args[0] == "drift" {
		debug.SetGCPercent(gcPercent)
		return drift.Run(context.Background(), provider.Resources(), os.Stdin, os.Stdout)
	}
	var options []tf6server.ServeOpt
	if len(args) == 1 && args[0] == "debug" {
		options = append(options, tf6server.WithManagedDebug()) // it prints TF_REATTACH_PROVIDERS, and serves until it is interrupted
	}
	quiet()
	log.SetFlags(0) // Terraform reads the level from the beginning of a line
	debug.SetGCPercent(gcPercent)
	terraform := os.Getppid()
	go func() {
		// A killed Terraform cannot end the provider, and go-plugin 1.7 does not notice. The journal keeps what was in progress.
		waitFor(terraform)
		os.Exit(1)
	}()
	log := journal.Default()
	defer log.Close()
	return tf6server.Serve(address, func() tfprotov6.ProviderServer {
		return provider.New().WithJournal(log).ForDestroy(invocation.Destroys())
	}, options...)
}

// gcPercent lets the garbage collector run less often than by default. That costs some MiB (peak 40 instead of 30 in a
// plan of 1,000 domains) and saves a quarter of the provider's CPU time there.
const gcPercent = 400

// quiet turns off the log of the protocol library unless the user has turned a log on: the library writes several lines for each call,
// which Terraform parses and drops. Without them, a plan of 1,000 domains needs a tenth less CPU time.
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
