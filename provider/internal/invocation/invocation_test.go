package invocation

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestDestroys(t *testing.T) {
	for command, want := range map[string]bool{
		"terraform destroy":                           true,
		"terraform destroy -auto-approve":             true,
		"tofu -chdir=web destroy":                     true,
		"terraform plan -destroy -out=plan":           true,
		"terraform plan --destroy":                    true,
		"terraform apply -auto-approve -destroy=true": true,
		"terraform apply -destroy=false":              false,
		"terraform plan":                              false,
		"terraform plan -out=destroy":                 false,
		"terraform apply destroy":                     false, // a saved plan of this name
		"terraform":                                   false,
		"terraform -version":                          false,
		"terraform refresh -destroy":                  false,
		"":                                            false,
		"PLAN=-destroy terraform plan":                true,
		"PLAN=-destroy terraform apply":               false,
		"ALL=-destroy terraform apply -auto-approve":  true,
	} {
		args := strings.Fields(command)
		environment := map[string]string{}
		for variable, name := range map[string]string{"PLAN": "TF_CLI_ARGS_plan", "ALL": "TF_CLI_ARGS"} {
			if len(args) > 0 && strings.HasPrefix(args[0], variable+"=") {
				environment[name], args = strings.TrimPrefix(args[0], variable+"="), args[1:]
			}
		}
		if got := destroys(args, func(name string) string { return environment[name] }); got != want {
			t.Errorf("%q: got %v", command, got)
		}
	}
}

func TestArgumentsOf(t *testing.T) {
	if got := argumentsOf(os.Getpid()); !slices.Equal(got, os.Args) {
		t.Errorf("got %q, want %q", got, os.Args)
	}
	if got := argumentsOf(-1); got != nil {
		t.Errorf("a process that does not exist has the arguments %q", got)
	}
}
