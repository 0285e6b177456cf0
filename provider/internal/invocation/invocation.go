// Package invocation finds out what Terraform was asked to do. Its protocol does not say: before a destruction Terraform plans the whole
// configuration, only to read the objects, and a provider cannot tell that plan from one that will be made.
package invocation

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// Destroys reports whether the program that started this process, which is Terraform, was asked to destroy everything. If that cannot be found
// out, it was not.
func Destroys() bool {
	return destroys(argumentsOf(os.Getppid()), os.Getenv)
}

// argumentsOf returns the arguments of a process; nil if the system does not give them.
func argumentsOf(process int) []string {
	if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", process)); err == nil {
		return strings.Split(strings.TrimSuffix(string(text), "\x00"), "\x00")
	}
	text, err := exec.Command("ps", "-o", "args=", "-p", strconv.Itoa(process)).Output()
	if err != nil {
		return nil
	}
	return strings.Fields(string(text))
}

// destroys reports whether arguments of Terraform ask for a destruction. Terraform inserts the arguments in TF_CLI_ARGS and in
// TF_CLI_ARGS_COMMAND after the command. https://developer.hashicorp.com/terraform/cli/config/environment-variables
func destroys(args []string, environment func(string) string) bool {
	at := slices.IndexFunc(args, func(a string) bool { return !strings.HasPrefix(a, "-") && a != args[0] })
	if at < 1 {
		return false
	}
	command := args[at]
	options := strings.Fields(environment("TF_CLI_ARGS_" + command))
	options = append(options, strings.Fields(environment("TF_CLI_ARGS"))...)
	options = append(options, args[at+1:]...)
	switch command {
	case "destroy":
		return true
	case "plan", "apply":
		asked := false
		for _, o := range options {
			name, value, has := strings.Cut(strings.TrimLeft(o, "-"), "=")
			if name != "destroy" || !strings.HasPrefix(o, "-") {
				continue
			}
			yes, err := strconv.ParseBool(value)
			asked = !has || err == nil && yes
		}
		return asked
	default:
		return false
	}
}
