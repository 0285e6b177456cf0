// Package drift tells what hosts have otherwise than the states of Terraform say. It reads each object as a plan does, and changes nothing.
package drift

import "github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"

// Request has the hosts to ask, and the states of all stacks that may have objects on them.
type Request struct {
	Hosts  exchange.Hosts `json:"hosts"`
	Stacks []Stack        `json:"stacks"`
}

// Stack is the state of a stack.
type Stack struct {
	Name    string `json:"name"`
	State   string `json:"state"`   // as 'terraform state pull' prints it; "" if the stack was never deployed
	Compare bool   `json:"compare"` // false: its objects count as declared, and are not read
}

// Report is what was found, in the order of the stacks and their states.
type Report struct {
	Hosts      []Host       `json:"hosts"`
	Compared   int          `json:"compared"` // how many objects were read
	Inactive   int          `json:"inactive"` // how many cannot be read now, such as volumes in a stopped pool
	Changed    []Changed    `json:"changed"`
	Gone       []Object     `json:"gone"`
	Unread     []Unread     `json:"unread"`
	Undeclared []Undeclared `json:"undeclared"`
}

// Host is a host that was asked. If Error is set, it could not be asked.
type Host struct {
	Name   string `json:"name"`
	URI    string `json:"uri"`
	Error  string `json:"error"`
	Unread int    `json:"unread"` // how many of its objects were not read because of the error
}

// Object is an object of a state. Resource is its name in the configuration; Host is where the state says that it is.
type Object struct {
	Stack    string `json:"stack"`
	Address  string `json:"address"`
	Type     string `json:"type"`
	Resource string `json:"resource"`
	Host     string `json:"host"`
}

// Changed is an object that is otherwise than its state says.
type Changed struct {
	Object     Object      `json:"object"`
	Attributes []Attribute `json:"attributes"`
}

// Attribute is one difference. An unset value is null. The values of a sensitive attribute are left out.
type Attribute struct {
	Path      string `json:"path"`
	Was       any    `json:"was"` // in the state
	Is        any    `json:"is"`  // on the host
	Sensitive bool   `json:"sensitive"`
}

// Unread is an object that its host did not tell, although the host answers.
type Unread struct {
	Object Object `json:"object"`
	Error  string `json:"error"`
}

// Undeclared is an object on a host that no state has there. State is its run state, or 'active' or 'inactive'.
type Undeclared struct {
	Type  string `json:"type"`
	Host  string `json:"host"`
	Name  string `json:"name"`
	UUID  string `json:"uuid"`
	State string `json:"state"`
}
