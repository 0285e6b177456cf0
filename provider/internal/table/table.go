// Package table holds what the provider knows about a resource: one row for each attribute. The Terraform schema, validation, defaults,
// the cost of a change, reading and writing XML, the docs and the bindings are all derived from these rows.
package table

import "slices"

// Type is the type of an attribute's value.
type Type int

// The types that the tables need. A Model holds them as string, int64, bool, Model, (for Map) Model of Model, List,
// and Texts.
const (
	String Type = iota
	Int
	Bool
	Object // a single group of attributes
	Map    // groups of attributes under keys that the user chooses
	Strings
	StringMap // texts under keys that the user chooses
)

// Mode says who sets the value of an attribute.
type Mode int

// Optional means: if unset, the value is absent, and removing it removes it from the host. OptionalComputed means: if unset, the host
// chooses the value, and it stays.
const (
	Required Mode = iota
	Optional
	OptionalComputed
	Computed
)

// Cost is what it takes to change an attribute of an existing object.
type Cost int

// NoCost is the cost of a change to what the running guest has already: only the definition changes.
const NoCost Cost = -1

// The other costs, from the least to the greatest.
const (
	Live     Cost = iota // takes effect at once, without interruption
	NextBoot             // defined at once, in effect after the guest's next start
	Migrate              // the guest moves to another host while it runs
	Replace              // the object is removed and created again
)

func (c Cost) String() string {
	return [...]string{"nothing", "live", "next boot", "live migration", "replace"}[c-NoCost]
}

// ValueChange is a change of one value, for rows whose cost depends on it.
type ValueChange struct {
	Was, Is any          // the values of the row; if an entry of a Map is added or removed, the entry
	From    Model        // what the row is part of, before the change: the resource, the group, or the entry of a Map
	To      Model        // the same after the change
	Above   *ValueChange // the change of what From and To are in; nil at the top
}

// Attr is one row of a table.
type Attr struct {
	Name    string
	Type    Type
	Mode    Mode
	Default any // makes an Optional attribute appear in plans with this value
	// DefaultIn returns the default where it depends on the other attributes of the group. Default is then the most common one.
	DefaultIn  func(config Model) any
	DefaultDoc string // the sentence that says when the default is another
	Sensitive  bool
	// WriteOnly values are in no plan and no state. A Kind gets one when the object, or the group that it is in, is created, and when the
	// row with the same name and the suffix '_version' changes.
	WriteOnly bool
	// Unobserved values are not on the host: nothing there says whether an update that was interrupted has changed what they stand for. The
	// resource calls journal.Replacing before it does.
	Unobserved bool
	Change     Cost
	CostOf     func(c ValueChange) Cost // set if the cost depends on the values: Change is then the least possible cost
	CostDoc    string                   // the sentence that says when the cost is more
	Doc        string
	Enum       []string          // the only values allowed
	OnlyFor    []string          // for a row in a group of several kinds: the kinds that have it, see the group's rules
	Text       Text              // the characters that a text may have
	Check      func(v any) error // says what is allowed and how to fix it
	XML        Codec             // where a plain value is in libvirt's XML; nil: not in the XML
	Group      GroupCodec        // the same for an Object
	Entries    MapCodec          // the same for a Map
	Same       func(config, host string) bool
	Implied    func(host any) bool // for an Optional group: whether libvirt writes this value where nothing is set; an import leaves it out
	// Assigned is for an Optional row for which libvirt assigns a value where none is set: that value is not configured. An import has the value only
	// if this provider wrote it. With Implied, these are the only values that libvirt assigns.
	Assigned bool
	// ReadUnset is for an Optional row that is read although it is unset: a value on the host would change what another attribute promises. It
	// is then in the state, and the plan removes it.
	ReadUnset bool
	// ShowsDrift is for a Computed row: a change of its value was made outside Terraform. A host changes the other Computed rows by itself.
	ShowsDrift bool
	Attrs      []Attr // the rows of an Object or Map

	OnHost  OnHost  // what a plan has to compare with the host
	Running Running // what happens to the value while a guest runs
}

// Table is the table of a resource, with what applies to it as a whole.
type Table struct {
	Name   string // without the provider's prefix: "domain"
	Doc    string
	See    string // the page of libvirt's documentation
	Import string // the form of the import ID
	Attrs  []Attr
	// Upgrades make a state of this schema version out of older ones, the oldest first: Upgrades[n] is for version n.
	Upgrades []Upgrade
}

// TypeName returns the resource's name in Terraform.
func (r *Table) TypeName() string { return "libvirt_" + r.Name }

// ReadsUnset reports whether a value on the host is read where the state has none.
func (a *Attr) ReadsUnset(host any) bool {
	return a.ReadUnset && (host == nil || a.Implied == nil || !a.Implied(host))
}

// IsAssigned reports whether a value on the host is one that libvirt assigns where none is set.
func (a *Attr) IsAssigned(host any) bool {
	return a.Assigned && (a.Implied == nil || host != nil && a.Implied(host))
}

// Whole returns the rows of an object that has nothing but what Terraform sets: what another program adds is in the state, and the plan removes it.
func Whole(attrs []Attr) []Attr {
	attrs = slices.Clone(attrs)
	for i := range attrs {
		attrs[i].ReadUnset = attrs[i].InDefinition()
		attrs[i].Attrs = Whole(attrs[i].Attrs)
	}
	return attrs
}

// HasDefault reports whether the plan fills in the attribute.
func (a *Attr) HasDefault() bool { return a.Default != nil }

// DefaultFor returns the value that the plan fills in for a configuration of the attribute's group.
func (a *Attr) DefaultFor(config Model) any {
	if a.DefaultIn != nil {
		return a.DefaultIn(config)
	}
	return a.Default
}

// InDefinition reports whether libvirt's XML has the attribute.
func (a *Attr) InDefinition() bool { return a.XML != nil || a.Group != nil || a.Entries != nil }
