package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// tpmRow is the Trusted Platform Module.
var tpmRow = table.Attr{Name: "tpm", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: xmlmodel.Element{"tpm"},
	Doc: "A Trusted Platform Module. The state of an emulated TPM is deleted with the domain.",
	Attrs: []table.Attr{
		{
			Name: "model", Type: table.String, Mode: table.OptionalComputed,
			OnHost: table.OnHost{Capability: &table.Capability{What: "TPM model", Enum: "model", Element: []string{"devices", "tpm"}}},
			Enum:   []string{"tpm-tis", "tpm-crb", "tpm-spapr"}, Change: table.NextBoot, XML: xmlmodel.At("@model"),
			Doc: "The model that the guest sees. Unset: libvirt's choice, on x86 `tpm-tis`.",
		},
		{
			Name: "backend", Type: table.String, Mode: table.Optional,
			OnHost:  table.OnHost{Capability: &table.Capability{What: "TPM backend", Enum: "backendModel", Element: []string{"devices", "tpm"}}},
			Default: "emulator", Enum: []string{"emulator", "passthrough"}, Change: table.NextBoot, XML: tpmBackend,
			Doc: "`emulator` is an emulated TPM (swtpm on the host), `passthrough` the host's TPM.",
		},
		{
			Name: "version", Type: table.String, Mode: table.Optional, Default: "2.0", Enum: []string{"1.2", "2.0"},
			Change: table.NextBoot, XML: tpmVersion,
			Doc: "The version of an emulated TPM.",
		},
		{
			Name: "device", Type: table.String, Mode: table.OptionalComputed,
			OnHost: table.OnHost{ChosenFor: []string{"backend"}}, Change: table.NextBoot, Check: table.AbsolutePath,
			XML: tpmDevice,
			Doc: "The host's device, with `passthrough`. Unset: libvirt's choice, `/dev/tpm0`.",
		},
		{
			Name: "persistent_state", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot,
			XML: tpmState,
			Doc: "Whether libvirt keeps the state of an emulated TPM even if the definition is removed temporarily.",
		},
		{
			Name: "encryption_secret_uuid", Type: table.String, Mode: table.Optional, Change: table.NextBoot,
			OnHost: table.OnHost{Names: table.SecretOnHost}, Check: table.UUID, XML: tpmSecret,
			Doc: "The UUID of the libvirt secret that encrypts the state of an emulated TPM on the host. It cannot be changed later.",
		},
	}}

// tpmBackend removes the attributes of the previous backend.
var tpmBackend = xmlmodel.Func{
	R: xmlmodel.At("backend@type").Read,
	W: func(tpm *etree.Element, v any) {
		xmlmodel.Drop(tpm.SelectElement("backend"))
		xmlmodel.At("backend@type").Write(tpm, v)
	},
}

// tpmVersion is the version of an emulated TPM; that of the host's TPM is not configurable.
var tpmVersion = xmlmodel.Func{
	R: func(tpm *etree.Element) any {
		if !emulated(tpm) {
			return "2.0"
		}
		return xmlmodel.At("backend@version").Read(tpm)
	},
	W: func(tpm *etree.Element, v any) {
		if emulated(tpm) {
			xmlmodel.At("backend@version").Write(tpm, v)
		}
	},
}

var tpmState = xmlmodel.Func{
	R: func(tpm *etree.Element) any { return xmlmodel.At("backend@persistent_state").Read(tpm) == any("yes") },
	W: func(tpm *etree.Element, v any) {
		if emulated(tpm) {
			xmlmodel.At("backend@persistent_state").Write(tpm, v)
		}
	},
}

func emulated(tpm *etree.Element) bool { return xmlmodel.At("backend@type").Text(tpm) == "emulator" }

// tpmDevice is the host's device; libvirt records its default.
var tpmDevice = backendAttr("device", "path")

var tpmSecret = backendAttr("encryption", "secret")

// backendAttr is an attribute in the backend's element, which a new backend replaces.
func backendAttr(element, attr string) xmlmodel.Func {
	whole := xmlmodel.Whole{Element: element, Attr: attr}
	return xmlmodel.Func{
		R: xmlmodel.At("backend/" + element + "@" + attr).Read,
		W: func(tpm *etree.Element, v any) {
			backend := xmlmodel.Ensure(tpm, "backend")
			whole.Write(backend, nil)
			if v != nil {
				whole.Write(backend, v)
			}
		},
	}
}
