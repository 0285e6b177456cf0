package drift

import "github.com/kvm-fleet/kvm-fleet/provider/internal/diag"

// reportOf collects what was found.
func reportOf(hosts []*host, objects []*object) *Report {
	r := &Report{Hosts: []Host{}, Changed: []Changed{}, Gone: []Object{}, Unread: []Unread{}, Undeclared: []Undeclared{}}
	lists := map[string]listing{}
	for _, h := range hosts {
		lists[h.Name] = h.found
		r.Hosts = append(r.Hosts, Host{Name: h.Name, URI: h.URI(), Error: message(h.err), Unread: h.unread})
		r.Undeclared = append(r.Undeclared, h.undeclared...)
	}
	for _, o := range objects {
		if o.isAt != "" {
			r.Compared++
			o.addRemovedDefinition(lists[o.isAt])
		}
		switch {
		case o.gone:
			r.Compared++
			r.Gone = append(r.Gone, o.Object)
		case o.inactive:
			r.Inactive++
		case o.err != nil:
			r.Unread = append(r.Unread, Unread{o.Object, message(o.err)})
		case len(o.differences) > 0:
			r.Changed = append(r.Changed, Changed{o.Object, o.differences})
		}
	}
	return r
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return diag.Shorten(err.Error())
}
