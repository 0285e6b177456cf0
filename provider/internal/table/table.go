// Package table holds what the provider knows of a resource: one row an attribute. The Terraform schema, validation, defaults, what a
// change costs, reading and writing XML, the docs and the bindings are all derived from these rows.
package table

// Type is the type of an attribute's value.
type Type int

// The types that the tables need. A Model holds them as string, int64, bool, Model, (for Map) Model of Model, and List.
const (
	String Type = iota
	Int
	Bool
	Object // one group of attributes
	Map    // groups of attributes under keys of the user's own
	Strings
)

// Mode says who gives an attribute its value.
type Mode int

// Optional means: unset is absent, and removing it removes it from the host. OptionalComputed means: unset is the host's choice, and stays.
const (
	Required Mode = iota
	Optional
	OptionalComputed
	Computed
)

// Cost is what changing an attribute of an existing object takes.
type Cost int

// From harmless to not.
const (
	Live     Cost = iota // takes effect at once, without interruption
	NextBoot             // defined at once, in effect after the guest's next start
	Migrate              // the guest moves to another host while it runs
	Replace              // the object is removed and made again
)

func (c Cost) String() string {
	return [...]string{"live", "next boot", "live migration", "replace"}[c]
}

// ValueChange is a change of one value, for rows whose cost depends on it.
type ValueChange struct {
	Was, Is any          // of the row; of an entry of a Map that comes or goes, the entry
	From    Model        // what the row is part of, before: the resource, the group, or the entry of a Map
	To      Model        // and after
	Above   *ValueChange // of what From and To are in; nil at the top
}

// Attr is one row.
type Attr struct {
	Name      string
	Type      Type
	Mode      Mode
	Default   any // makes an Optional attribute appear in plans with this value
	Sensitive bool
	// WriteOnly values are in no plan and no state. A Kind is told one when the object, or the group it is in, is made, and when the row
	// called like it with '_version' behind changes.
	WriteOnly bool
	Change    Cost
	CostOf    func(c ValueChange) Cost // where the cost depends on the values: Change is then the least it can be
	CostDoc   string                   // and this sentence says when it is more
	Doc       string
	Enum      []string          // the only values allowed
	OnlyFor   []string          // of a row in a group of several kinds: the kinds that have it, see the group's rules
	Check     func(v any) error // says what is allowed and how to fix it
	XML       Codec             // where a plain value stands in libvirt's XML; nil: not in the XML
	Group     GroupCodec        // the same for an Object
	Entries   MapCodec          // the same for a Map
	Same      func(config, host string) bool
	Implied   func(host any) bool // of an Optional group: whether it is what libvirt writes where nothing is set; an import leaves it out
	Attrs     []Attr              // of Object and Map

	OnHost  OnHost  // what a plan has to compare with the host
	Running Running // what happens to it while a guest runs
}

// Table is a table with what is said about it as a whole.
type Table struct {
	Name   string // without the provider's prefix: "domain"
	Doc    string
	See    string // libvirt's page
	Import string // the form of the import id
	Attrs  []Attr
}

// TypeName is the resource's name in Terraform.
func (r *Table) TypeName() string { return "libvirt_" + r.Name }

// HasDefault says whether the plan fills the attribute in.
func (a *Attr) HasDefault() bool { return a.Default != nil }
