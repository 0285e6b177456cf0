package schema

import (
	"slices"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// eachRow visits all rows, with the rows that each is in and that it stands beside.
func eachRow(rows []table.Attr, above []*table.Attr, visit func(a *table.Attr, above []*table.Attr, beside []table.Attr)) {
	for i := range rows {
		visit(&rows[i], above, rows)
		eachRow(rows[i].Attrs, append(slices.Clip(above), &rows[i]), visit)
	}
}

func TestRowsOperations(t *testing.T) {
	rowsOf := map[table.Operation]int{}
	eachRow(Table.Attrs, nil, func(a *table.Attr, above []*table.Attr, _ []table.Attr) {
		changes := func(a *table.Attr) bool { return a.Running.Operation != 0 }
		if a.Running.Operation != 0 {
			rowsOf[a.Running.Operation]++
			if slices.ContainsFunc(above, changes) {
				t.Errorf("%q changes by two operations", a.Name)
			}
		}
		inXML := a.XML != nil || a.Entries != nil
		// What is special of UEFI costs nothing of its own where the firmware changes as a whole.
		firmware := len(above) > 0 && above[0].Name == "efi"
		staying := a.Name == "address" // removing it changes nothing, and any other change waits
		if inXML && !staying && a.Mode != table.Computed && a.Change == table.Live && !firmware && !changes(a) && !slices.ContainsFunc(above, changes) {
			t.Errorf("%q may change while the guest runs, and no operation does it", a.Name)
		}
	})
	for op := ChangeTitle; op < EndOfOperations; op++ {
		if rowsOf[op] != 1 {
			t.Errorf("operation %d is that of %d rows", op, rowsOf[op])
		}
	}
}

func TestRowsSteps(t *testing.T) {
	used := map[table.Step]bool{}
	eachRow(Table.Attrs, nil, func(a *table.Attr, above []*table.Attr, _ []table.Attr) {
		if used[a.Running.Step] = true; a.Running.Step != 0 && (len(above) == 0 || above[0].Running.Operation == 0) {
			t.Errorf("%q is a step of no operation", a.Name)
		}
	})
	for step := StepMedium; step < endOfSteps; step++ {
		if !used[step] {
			t.Errorf("no row is in step %d", step)
		}
	}
}

func TestRowsDependentDefaults(t *testing.T) {
	found := 0
	eachRow(Table.Attrs, nil, func(a *table.Attr, _ []*table.Attr, beside []table.Attr) {
		for _, other := range a.OnHost.ChosenFor {
			found++
			if !slices.ContainsFunc(beside, func(b table.Attr) bool { return b.Name == other }) {
				t.Errorf("%q is chosen for %q, which does not stand beside it", a.Name, other)
			}
			if a.Mode != table.OptionalComputed {
				t.Errorf("%q is chosen for %q, and the host does not choose it", a.Name, other)
			}
		}
	})
	if found == 0 {
		t.Error("no row has a dependent default")
	}
}
