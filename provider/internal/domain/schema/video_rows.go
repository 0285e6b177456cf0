package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// videoRow is the graphics card.
var videoRow = table.Attr{
	Name: "video", Type: table.Object, Mode: table.Optional, Change: table.NextBoot,
	Group: xmlmodel.Element{"video"}, Implied: impliedVideo,
	Doc: "The graphics card. Unset: libvirt's own choice if there is a graphical console.",
	Attrs: []table.Attr{
		{
			Name: "model", Type: table.String, Mode: table.Required,
			OnHost: table.OnHost{Capability: &table.Capability{What: "video model", Enum: "modelType", Element: []string{"devices", "video"}}},
			Enum:   []string{"virtio", "qxl", "vga", "cirrus", "bochs", "ramfb", "none"}, Change: table.NextBoot,
			XML: videoModel,
			Doc: "The model that the guest sees. `none`: no card, even with a console.",
		},
		{
			Name: "vram", Type: table.Int, Mode: table.OptionalComputed,
			OnHost: table.OnHost{ChosenFor: []string{"model"}}, Change: table.NextBoot, Check: table.AtLeast(1, " KiB"),
			XML: xmlmodel.At("model@vram"),
			Doc: "The video memory, in KiB. Unset: libvirt's default for the model.",
		},
		{
			Name: "heads", Type: table.Int, Mode: table.Optional, Default: int64(1), Change: table.NextBoot,
			Check: table.Between(1, 16), XML: videoHeads,
			Doc: "The number of screens.",
		},
		{
			Name: "accel3d", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot,
			XML: videoAccel,
			Doc: "Whether the guest uses the host's graphics card for 3D, with model `virtio`.",
		},
		pciAddressRow(),
	},
}

// impliedVideo recognizes the card that libvirt (9.0) gives to a domain with a console.
func impliedVideo(host any) bool {
	v := host.(table.Model)
	return v["model"] == "cirrus" && v["heads"] == int64(1) && v["accel3d"] == false
}

// videoModel removes the settings and the address that libvirt chose for the previous model.
var videoModel = xmlmodel.Func{
	R: xmlmodel.At("model@type").Read,
	W: func(video *etree.Element, v any) {
		model := xmlmodel.Ensure(video, "model")
		if model.SelectAttr("type") != nil {
			model.Attr = nil
			xmlmodel.Drop(model.SelectElement("acceleration"))
			xmlmodel.Drop(video.SelectElement("address"))
		}
		xmlmodel.At("@type").Write(model, v)
	},
}

// videoHeads reads a missing number of heads as 1. libvirt records one head, and none for a domain without a card.
var videoHeads = xmlmodel.Func{
	R: func(video *etree.Element) any {
		if v := xmlmodel.At("model@heads").Read(video); v != nil {
			return v
		}
		return "1"
	},
	W: func(video *etree.Element, v any) {
		if xmlmodel.At("model@type").Text(video) != "none" {
			xmlmodel.At("model@heads").Write(video, v)
		}
	},
}

var videoAccel = xmlmodel.Func{
	R: func(video *etree.Element) any {
		return xmlmodel.At("model/acceleration@accel3d").Read(video) == any("yes")
	},
	W: func(video *etree.Element, v any) {
		if v != true {
			xmlmodel.Drop(xmlmodel.Find(video, "model", "acceleration"))
			return
		}
		xmlmodel.At("model/acceleration@accel3d").Write(video, v)
	},
}
