//go:build acceptance

package acceptance

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// source is the provider's full address, which terraform and tofu read alike.
const source = "registry.terraform.io/kvm-fleet/libvirt"

// terraform is the program that drives the provider, and the settings that make it use the provider just built.
type terraform struct {
	program  string
	settings string
	// provider builds the provider, once, and returns its path. Tests that run the provider in this process do without.
	provider func() (string, error)
}

var theTerraform *terraform

// hangLimit is when a test gives up on a command, a guest or a host that hangs. It is far beyond what a busy machine takes, and measures
// nothing.
const hangLimit = 15 * time.Minute

func installTerraform(dir string) (*terraform, error) {
	program, err := exec.LookPath(cmp.Or(os.Getenv("TERRAFORM_BINARY_NAME"), "terraform"))
	if err != nil {
		return nil, fmt.Errorf("the acceptance tests need terraform, or tofu named by TERRAFORM_BINARY_NAME: %w", err)
	}
	tf := &terraform{program: program, settings: filepath.Join(dir, "settings.tfrc")}
	tf.provider = sync.OnceValues(func() (string, error) {
		path := filepath.Join(dir, "terraform-provider-libvirt")
		build := exec.Command("go", "build", "-o", path, "..")
		if out, err := build.CombinedOutput(); err != nil {
			return "", fmt.Errorf("unable to build the provider: %w\n%s", err, out)
		}
		return path, nil
	})
	settings := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n}\n", source, dir)
	return tf, os.WriteFile(tf.settings, []byte(settings), 0o600)
}

// built returns the path of the provider.
func built(t *testing.T) string {
	t.Helper()
	path, err := theTerraform.provider()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// diagnostic is an error or a warning as Terraform passes it on, not wrapped to the width of a terminal.
type diagnostic struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail"`
}

// outcome is the result of a command.
type outcome struct {
	code   int
	stdout string
	said   []diagnostic
}

// errors returns the summaries and details of the errors.
func (o outcome) errors() string { return o.text("error") }

// warnings returns the summaries and details of the warnings.
func (o outcome) warnings() string { return o.text("warning") }

func (o outcome) text(severity string) string {
	var parts []string
	for _, d := range o.said {
		if d.Severity == severity && !strings.Contains(d.Summary, "Provider development overrides") {
			parts = append(parts, d.Summary+"\n"+d.Detail)
		}
	}
	return strings.Join(parts, "\n\n")
}

// command runs one command in a directory. It passes on no environment variables of the user's own Terraform.
func (tf *terraform) command(t *testing.T, dir string, as *syscall.Credential, env []string, begun func(process int), args ...string) outcome {
	t.Helper()
	built(t)
	ctx, cancel := context.WithTimeout(context.Background(), hangLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, tf.program, args...)
	cmd.Dir = dir
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "TF_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "TF_CLI_CONFIG_FILE="+tf.settings, "TF_INPUT=0", "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")
	cmd.Env = append(cmd.Env, env...)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as, Setpgid: true} // so that the command can be killed together with its providers
	err := cmd.Start()
	if err == nil {
		begun(cmd.Process.Pid)
		err = cmd.Wait()
	}
	o := outcome{stdout: stdout.String(), code: cmd.ProcessState.ExitCode()}
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || ctx.Err() != nil) {
		t.Fatalf("%s %s: %v\n%s%s", tf.program, strings.Join(args, " "), err, o.stdout, stderr.String())
	}
	o.said = diagnostics(o.stdout)
	if o.code == 1 && o.errors() == "" {
		o.said = append(o.said, diagnostic{Severity: "error", Summary: o.stdout, Detail: stderr.String()})
	}
	return o
}

// diagnostics returns the diagnostics in the output of a command with -json.
func diagnostics(lines string) []diagnostic {
	var found []diagnostic
	for line := range strings.Lines(lines) {
		var message struct {
			Diagnostic *diagnostic `json:"diagnostic"`
		}
		if json.Unmarshal([]byte(line), &message) == nil && message.Diagnostic != nil {
			theMessages.see(message.Diagnostic.Summary, message.Diagnostic.Detail)
			found = append(found, *message.Diagnostic)
		}
	}
	return found
}
