package schema

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// Validate checks the rules between the rows.
func Validate(config table.Model) []table.Problem {
	p := table.NewProblems()
	interfaceRules(p, config)
	diskRules(p, config)
	bootOrderRules(p, config)
	firmwareRules(p, config)
	resourceRules(p, config)
	deviceRules(p, config)
	filesystemRules(p, config)
	hostdevRules(p, config)
	savedStateRules(p, config)
	clockRules(p, config)
	hypervRules(p, config)
	RawXML.Rules(p, config)
	waitRules(p, config)
	processorRules(p, config)
	numatuneRules(p, config)
	kernelRules(p, config)
	consoleRules(p, config)
	securityRules(p, config)
	return p.List()
}
