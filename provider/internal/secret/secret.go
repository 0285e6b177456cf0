package secret

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Resource is libvirt_secret.
type Resource struct{}

// The engine looks these interfaces up by a type assertion.
var (
	_ engine.Planner   = Resource{}
	_ engine.Validator = Resource{}
	_ engine.Exclusive = Resource{}
	_ engine.Keyed     = Resource{}
)

// Table returns the secret's table.
func (Resource) Table() *table.Table { return Table }

// ImportID returns host/uuid. It does not use the name, which is a path for a volume's secret.
func (Resource) ImportID(m table.Model) string { return m.Str("host") + "/" + m.Str("uuid") }

// ParseImportID takes the UUID.
func (Resource) ParseImportID(parts []string) (table.Model, error) {
	return table.Model{"uuid": parts[0]}, nil
}

// Validate checks what a usage requires, and that the value can be decoded.
func (Resource) Validate(config table.Model) []table.Problem {
	problems := table.NewProblems()
	switch name, known := config["name"].(string); {
	case !known, config["usage"] == table.Unknown:
	case config["usage"] == "volume":
		if !path.IsAbs(name) {
			problems.Must("name", "be an absolute path with 'usage' \"volume\", got %q; set the path of the volume", name)
		}
	default:
		if err := table.ObjectName(name); err != nil {
			problems.Add("name", "'name' %s", err)
		}
	}
	if config["value"] != nil && config["value_version"] == nil {
		problems.Add("value_version", "'value' requires 'value_version'; begin with 1, and increase it with each new value")
	}
	if config["value"] == nil && config["value_version"] != nil {
		problems.Requires("value_version", "value")
	}
	if text, ok := config["value"].(string); ok {
		if _, err := decoded(text, config["value_encoding"] == "base64"); err != nil && config["value_encoding"] != table.Unknown {
			problems.Add("value", "'value' %s", err)
		}
	}
	if config.Bool("protect") && config.Bool("ephemeral") {
		problems.Conflicts("protect", "ephemeral", "libvirt loses an ephemeral secret when it restarts")
	}
	return problems.List()
}

// decoded decodes a value. Its errors never contain the value.
func decoded(text string, isBase64 bool) ([]byte, error) {
	if text == "" {
		return nil, errors.New("must not be empty")
	}
	if !isBase64 {
		return []byte(text), nil
	}
	value, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("must be valid base64 with 'value_encoding' \"base64\"; correct it, or remove 'value_encoding'")
	}
	return value, nil
}

// Plan plans has_value as unknown if a lost value is written again.
func (Resource) Plan(_ context.Context, _ *conn.Fleet, prior, _, plan table.Model) engine.Advice {
	if prior["has_value"] == false && prior["value_version"] != plan["value_version"] {
		plan["has_value"] = table.Unknown
	}
	return engine.Advice{}
}

func lookup(l *libvirt.Libvirt, m table.Model) (libvirt.Secret, error) {
	id, err := uuid.Parse(m.Str("uuid"))
	if err != nil {
		return libvirt.Secret{}, fmt.Errorf("'uuid' must be a UUID, got %q", m.Str("uuid"))
	}
	return l.SecretLookupByUUID(libvirt.UUID(id))
}

// Read reads the secret by its UUID, and whether it has a value.
func (Resource) Read(ctx context.Context, host *conn.Host, m table.Model) (table.Model, error) {
	var seen table.Model
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		s, err := lookup(l, m)
		if err != nil {
			return err
		}
		text, err := l.SecretGetXMLDesc(s, 0)
		if err != nil {
			return err
		}
		if seen, err = xmlmodel.ReadText(Table.Attrs, text); err != nil || seen.Bool("private") {
			return err
		}
		// libvirt also reports a missing value as 'not found'; the secret itself was just found.
		_, err = l.SecretGetValue(s, 0)
		if err != nil && !conn.IsNotFound(err) {
			return err
		}
		if seen["has_value"] = err == nil; err != nil {
			seen["value_version"] = nil // the value is lost and will be written again
		}
		return nil
	})
	return seen, err
}

// Create defines the secret and sets its value. The UUID is chosen here, so that the secret is recognized if the
// connection is lost.
func (Resource) Create(ctx context.Context, host *conn.Host, plan table.Model) (begun bool, err error) {
	if plan.Str("uuid") == "" {
		plan["uuid"] = uuid.NewString()
	}
	secret := definition(plan)
	sent := false
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		if err := absent(host, l, plan); err != nil {
			return err
		}
		if err := journal.Record(ctx, plan.Str("uuid")); err != nil {
			return err
		}
		sent = true
		s, err := define(l, secret)
		if err != nil {
			return err
		}
		begun = true
		return setValue(l, s, plan)
	})
	return begun || (sent && errors.Is(err, conn.ErrLost)), err
}

// definition returns the XML of a new secret.
func definition(plan table.Model) *etree.Element {
	secret := etree.NewElement("secret")
	xmlmodel.Patch(Table.Attrs, secret, nil, plan)
	return secret
}

// absent returns an error if the secret exists: defining it again would change the existing secret.
func absent(host *conn.Host, l *libvirt.Libvirt, plan table.Model) error {
	s, _, err := present(l, plan)
	switch {
	case conn.IsNotFound(err):
		return nil
	case err != nil:
		return diag.Wrap("define", err)
	}
	return &diag.Error{Verb: "define", Err: conn.ErrExists,
		Remedy: fmt.Sprintf("Choose another name, or import the existing one: "+
			"terraform import ADDRESS %s/%s (ADDRESS is the resource's address in the plan, libvirt_secret.NAME)",
			host.Name, conn.FormatUUID(s.UUID))}
}

func define(l *libvirt.Libvirt, definition *etree.Element) (libvirt.Secret, error) {
	text, err := xmlmodel.Text(definition)
	if err != nil {
		return libvirt.Secret{}, diag.Wrap("define", err)
	}
	s, err := l.SecretDefineXML(text, 0)
	return s, diag.Wrap("define", err)
}

// setValue sets the value if the plan has one.
func setValue(l *libvirt.Libvirt, s libvirt.Secret, plan table.Model) error {
	text, ok := plan["value"].(string)
	if !ok {
		return nil
	}
	value, err := decoded(text, plan.Str("value_encoding") == "base64")
	if err != nil {
		return diag.Wrap("set the value of", fmt.Errorf("'value' %w", err))
	}
	return diag.Wrap("set the value of", l.SecretSetValue(s, value, 0))
}

// Update patches the definition. libvirt keeps the value.
func (Resource) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		s, err := lookup(l, plan)
		if err != nil {
			return diag.Wrap("update", err)
		}
		before, err := l.SecretGetXMLDesc(s, 0)
		if err != nil {
			return diag.Wrap("update", err)
		}
		definition, err := xmlmodel.Parse(before)
		if err != nil {
			return diag.Wrap("update", err)
		}
		xmlmodel.Patch(Table.Attrs, definition, prior, plan)
		if s, err = define(l, definition); err != nil {
			return err
		}
		return setValue(l, s, plan)
	})
}

// Delete removes the secret with its value. It refuses if a domain or a pool needs the secret; libvirt would not
// refuse.
func (Resource) Delete(ctx context.Context, host *conn.Host, m table.Model) error {
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		s, err := lookup(l, m)
		if err != nil {
			return err
		}
		domains, pools, err := usage.OfSecret(l, conn.FormatUUID(s.UUID), s.UsageID)
		if err != nil {
			return err
		}
		var users []string
		if len(domains) > 0 {
			users = append(users, "domains "+usage.Names(domains))
		}
		for _, p := range pools {
			users = append(users, fmt.Sprintf("pool %q", p))
		}
		if len(users) > 0 {
			return diag.New("destroy", "Nothing was changed. Set another secret for them, or destroy them, first.", "on %s: it is used by %s",
				host.Name, strings.Join(users, ", "))
		}
		return l.SecretUndefine(s)
	})
	return diag.IgnoreNotFound("destroy", err)
}
