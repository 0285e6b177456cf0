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

// run serves Terraform, or does what the command in args says.
func run(args []string) error {
	if len(args) == 1 && args[0] == "inventory" {
		return inventory.Run(context.Background(), os.Stdin, os.Stdout)
	}
	if len(args) == 1 && args[0] == "probe" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		context.AfterFunc(ctx, stop)   // a second signal ends the process at once
		signal.Ignore(syscall.SIGPIPE) // the reader of the output may be gone, and the probes must still be removed from the guests
		return probing.Run(ctx, os.Stdin, os.Stdout, os.Stderr)
	}
	var options []tf6server.ServeOpt
	if len(args) == 1 && args[0] == "debug" {
		options = append(options, tf6server.WithManagedDebug()) // it prints TF_REATTACH_PROVIDERS, and serves until it is interrupted
	}
	quiet()
	log.SetFlags(0) // Terraform reads the level from the beginning of a line
	debug.SetGCPercent(gcPercent)
	go endWith(os.Getppid())
	log := journal.Default()
	defer log.Close()
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return provider.New().WithJournal(log) }, options...)
}

// endWith ends the provider when Terraform has ended. A Terraform that was killed does not end its providers (go-plugin 1.7). The journal tells
// the next provider what this one has started.
func endWith(terraform int) {
	const interval = time.Second // Linux reports no event when a process gets another parent
	for os.Getppid() == terraform {
		time.Sleep(interval)
	}
	os.Exit(1)
}

// gcPercent makes garbage collections less frequent than Go's default of 100. In a plan of 1,000 domains this costs 10 MiB (a peak of 40 MiB in place
// of 30) and saves a quarter of the provider's processor time.
const gcPercent = 400

// quiet turns the log of the protocol library off, unless a TF_LOG variable is set. It writes several lines for every call, which Terraform would parse
// and drop. Without them, a plan of 1,000 domains takes a tenth less processor time.
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
