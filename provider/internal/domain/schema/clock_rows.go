package schema

import (
	"fmt"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// clockRows are the guest's clock and timers.
var clockRows = []table.Attr{
	{
		Name: "clock", Type: table.Object, Mode: table.Optional,
		Running: table.Running{UndoStart: undoClockAdjustment}, Change: table.NextBoot,
		Group: xmlmodel.Within{"clock"}, Implied: impliedClock,
		Doc: "The clock with which the guest starts, and its timers. Unset: UTC.",
		Attrs: []table.Attr{
			{
				Name: "offset", Type: table.String, Mode: table.Optional, Default: "utc",
				Enum: []string{"utc", "localtime", "timezone", "variable"}, Change: table.NextBoot, XML: clockOffset,
				Doc: "What the clock shows: `utc`, the local time of the host (`localtime`, which Windows expects), the zone " +
					"in `timezone`, or `basis` plus `adjustment` (`variable`).",
			},
			{
				Name: "timezone", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: notEmpty,
				XML: xmlmodel.At("@timezone"),
				Doc: "The time zone, with offset `timezone`: `Europe/Zurich`.",
			},
			{
				Name: "adjustment", Type: table.Int, Mode: table.Optional, Running: table.Running{Unpredictable: true},
				Default: int64(0), Change: table.NextBoot, XML: variable{"adjustment", "0"},
				Doc: "How many seconds the clock is ahead of `basis`, with offset `variable`.",
			},
			{
				Name: "basis", Type: table.String, Mode: table.Optional, Running: table.Running{Unpredictable: true},
				Default: "utc", Enum: []string{"utc", "localtime"}, Change: table.NextBoot, XML: variable{"basis", "utc"},
				Doc: "The time that `adjustment` is added to, with offset `variable`.",
			},
			{
				Name: "timers", Type: table.Map, Mode: table.Optional, Change: table.NextBoot, Check: timerName,
				Entries: timerCodec{},
				Doc:     "The timers, by name: `rtc`, `pit`, `hpet`, `tsc`, `kvmclock`, `hypervclock`, ...",
				Attrs: []table.Attr{
					{
						Name: "present", Type: table.Bool, Mode: table.Optional, Change: table.NextBoot,
						XML: xmlmodel.At("@present"),
						Doc: "Whether the guest has the timer. Unset: the hypervisor's choice.",
					},
					{
						Name: "tickpolicy", Type: table.String, Mode: table.Optional,
						Enum: []string{"delay", "catchup", "merge", "discard"}, Change: table.NextBoot,
						XML: xmlmodel.At("@tickpolicy"),
						Doc: "What the hypervisor does about missed ticks.",
					},
					{
						Name: "track", Type: table.String, Mode: table.Optional, OnlyFor: []string{"rtc", "platform"},
						Enum: []string{"boot", "guest", "wall", "realtime"}, Change: table.NextBoot, XML: xmlmodel.At("@track"),
						Doc: "The clock that `rtc` follows.",
					},
					{
						Name: "frequency", Type: table.Int, Mode: table.Optional, OnlyFor: []string{"tsc"}, Change: table.NextBoot,
						Check: table.AtLeast(1, " Hz"), XML: xmlmodel.At("@frequency"),
						Doc: "The frequency of `tsc`, in Hz.",
					},
					{
						Name: "mode", Type: table.String, Mode: table.Optional, OnlyFor: []string{"tsc"},
						Enum: []string{"auto", "native", "emulate", "paravirt", "smpsafe"}, Change: table.NextBoot,
						XML: xmlmodel.At("@mode"),
						Doc: "How the hypervisor provides `tsc`.",
					},
				},
			},
		},
	},
}

// impliedClock recognizes the default clock, which libvirt records.
func impliedClock(host any) bool {
	return table.Equal(host, table.Model{"offset": "utc", "adjustment": int64(0), "basis": "utc"})
}

// clockOffset sets the offset and removes the attributes of the previous one: each offset has its own.
var clockOffset = xmlmodel.Func{
	R: xmlmodel.At("@offset").Read,
	W: func(clock *etree.Element, v any) {
		for _, name := range []string{"timezone", "adjustment", "basis", "start"} {
			clock.RemoveAttr(name)
		}
		if v == nil {
			v = "utc"
		}
		clock.CreateAttr("offset", fmt.Sprint(v))
	},
}

// variable is an attribute of the clock that exists with the offset "variable" only. libvirt records its default.
type variable struct{ attr, byDefault string }

func (v variable) Read(clock *etree.Element) any {
	if clock.SelectAttrValue("offset", "") != "variable" {
		return v.byDefault
	}
	return clock.SelectAttrValue(v.attr, v.byDefault)
}

func (v variable) Write(clock *etree.Element, value any) {
	if clock.SelectAttrValue("offset", "") == "variable" {
		xmlmodel.At("@"+v.attr).Write(clock, value)
	}
}

func timerName(v any) error {
	switch s := v.(string); s {
	case "platform", "rtc", "tsc", "hpet", "pit", "armvtimer", "kvmclock", "hypervclock":
		return nil
	default:
		return fmt.Errorf("must be the name of a timer like rtc, pit, hpet, tsc, kvmclock or hypervclock, got %q", s)
	}
}

// timerCodec reads and writes the timers, which are keyed by name.
type timerCodec struct{}

func (timerCodec) Elements(clock *etree.Element) (keys []string, elements []*etree.Element) {
	for _, t := range clock.SelectElements("timer") {
		keys, elements = append(keys, t.SelectAttrValue("name", "")), append(elements, t)
	}
	return keys, elements
}

func (timerCodec) Make(clock *etree.Element, name string, _ table.Model) *etree.Element {
	t := clock.CreateElement("timer")
	t.CreateAttr("name", name)
	return t
}

// undoClockAdjustment copies adjustment and basis from the definition. libvirt (9.0) adds what the guest sets its clock to, and a basis of
// localtime, to the adjustment of the running guest, and does not tell which part the definition gave.
func undoClockAdjustment(live, defined *etree.Element) {
	from, to := defined.SelectElement("clock"), live.SelectElement("clock")
	if from == nil || to == nil || clockOffset.Read(from) != any("variable") || clockOffset.Read(to) != any("variable") {
		return
	}
	for _, name := range []string{"adjustment", "basis"} {
		xmlmodel.At("@"+name).Write(to, xmlmodel.At("@"+name).Read(from))
	}
}
