package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// maker is a kind on a host that keeps what was made by name.
type maker struct {
	Resource
	there   map[string]m
	uuid    string
	deleted []string
	dies    error // when it has been made, and before anybody is told
}

func (k *maker) Table() *table.Table {
	return &table.Table{Name: "thing", Attrs: []table.Attr{
		{Name: "host", Type: table.String}, {Name: "name", Type: table.String}, {Name: "uuid", Type: table.String},
		{Name: "delete_data", Type: table.Bool}, {Name: "labels", Type: table.Map, Attrs: []table.Attr{{Name: "text", Type: table.String}}},
	}}
}

func (k *maker) Create(ctx context.Context, _ *conn.Host, plan table.Model) (bool, error) {
	if k.there[plan.Str("name")] != nil {
		return false, conn.ErrExists
	}
	if err := journal.Record(ctx, k.uuid); err != nil {
		return false, err
	}
	k.there[plan.Str("name")] = m{"uuid": k.uuid}
	return true, k.dies
}

func (k *maker) Read(_ context.Context, _ *conn.Host, named table.Model) (table.Model, error) {
	if is := k.there[named.Str("name")]; is != nil {
		return is, nil
	}
	return nil, conn.ErrNotFound
}

func (k *maker) Delete(_ context.Context, _ *conn.Host, named table.Model) error {
	k.deleted = append(k.deleted, named.Str("uuid"))
	delete(k.there, named.Str("name"))
	return nil
}

func TestWhatNobodyWasToldOf(t *testing.T) {
	dir := t.TempDir()
	labels := m{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		labels[name] = m{"text": name}
	}
	asked := func(more m) m {
		plan := m{"host": "alpha", "name": "it", "uuid": table.Unknown, "delete_data": true, "labels": labels}
		maps.Copy(plan, more)
		return plan
	}
	create := func(k *maker, plan m, ends func(j *journal.Journal)) error {
		journal := journal.New(dir)
		_, err := NewServer(nil).WithJournal(journal).create(t.Context(), k, nil, plan)
		ends(journal)
		return err
	}
	killed, ended := func(*journal.Journal) {}, (*journal.Journal).Close
	deaths := errors.New("killed")

	k := &maker{there: map[string]m{}, uuid: "one", dies: deaths}
	if err := create(k, asked(nil), killed); !errors.Is(err, deaths) {
		t.Fatal(err)
	}
	k.uuid, k.dies = "two", nil
	if err := create(k, asked(nil), killed); err != nil || !slices.Equal(k.deleted, []string{"one"}) || k.there["it"]["uuid"] != "two" {
		t.Fatalf("an unfinished object is created again: got %v, deleted %v, there is %v", err, k.deleted, k.there)
	}
	k.uuid = "three"
	same := asked(nil)
	if err := create(k, same, killed); err != nil || len(k.deleted) != 1 || same["uuid"] != "two" {
		t.Fatalf("what was finished is taken over: got %v, deleted %v, planned %v", err, k.deleted, same)
	}
	other := asked(m{"delete_data": false})
	if err := create(k, other, ended); err != nil || !slices.Equal(k.deleted, []string{"one", "two"}) || k.there["it"]["uuid"] != "three" {
		t.Fatalf("an object with another configuration now is created again: got %v, deleted %v, there is %v", err, k.deleted, k.there)
	}
	if err := create(k, other, ended); !errors.Is(err, conn.ErrExists) || len(k.deleted) != 2 {
		t.Errorf("an object that Terraform knows was created again: %v, deleted %v", err, k.deleted)
	}

	delete(k.there, "it")
	if err := create(k, asked(nil), killed); err != nil {
		t.Fatal(err)
	}
	k.there["it"] = m{"uuid": "another program's"}
	if err := create(k, asked(nil), ended); !errors.Is(err, conn.ErrExists) || len(k.deleted) != 2 {
		t.Errorf("another program's object was taken for a leftover: %v, deleted %v", err, k.deleted)
	}
}

func TestAVolumeIsKnownByWhatWasAskedFor(t *testing.T) {
	seen := m{"format": "qcow2", "capacity": int64(512)}
	for _, c := range []struct {
		plan m
		want bool
	}{
		{m{"format": "qcow2", "capacity": int64(512)}, true},
		{m{"format": "qcow2", "capacity": table.Unknown}, true},
		{m{"format": "raw", "capacity": int64(512)}, false},
		{m{"format": "qcow2", "capacity": int64(1024)}, false},
	} {
		if got := isLeftover(seen, c.plan, "a volume"); got != c.want {
			t.Errorf("%v: got %v", c.plan, got)
		}
	}
}
