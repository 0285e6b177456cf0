package nwfilter

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// variable is a variable of an interface, with an index or an iterator: $IP, $IP[1], $IP[@2].
var variable = regexp.MustCompile(`^\$[A-Za-z0-9_]+(\[@?[A-Za-z0-9_]+\])?$`)

// valueForm is the form of the values of some conditions.
type valueForm struct {
	name *regexp.Regexp // of the condition
	form *regexp.Regexp
	like string
}

// valueForms lists the forms, the most special ones first. https://libvirt.org/formatnwfilter.html#supported-protocols
var valueForms = []valueForm{
	{regexp.MustCompile(`mac(addr|mask)$`), regexp.MustCompile(`^[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}$`), "a MAC address"},
	{regexp.MustCompile(`ip(addr|from|to|mask)$`), regexp.MustCompile(`^[0-9a-fA-F.:]+$`), "an IP address, or the bits of a mask"},
	{regexp.MustCompile(`port(start|end)$`), number, "a port"},
	{regexp.MustCompile(`^(match|gratuitous)$`), regexp.MustCompile(`^[a-z]+$`), "yes or no"},
	{regexp.MustCompile(`^ipset$`), regexp.MustCompile(`^[A-Za-z0-9_.:+-]+$`), "the name of a set"},
	{regexp.MustCompile(`.`), regexp.MustCompile(`^[A-Za-z0-9_.:,/!-]+$`), "letters, digits, '_', '.', ':', ',', '/', '!' and '-'"},
}

var number = regexp.MustCompile(`^([0-9]{1,10}|0x[0-9a-fA-F]{1,8})$`)

const lastPort = 65535

// conditionValue checks the value of a condition: libvirt would refuse it in the apply.
func conditionValue(name, value string) error {
	if variable.MatchString(value) {
		return nil
	}
	for _, f := range valueForms {
		if !f.name.MatchString(name) {
			continue
		}
		if !f.form.MatchString(value) {
			return fmt.Errorf("must give %q %s or a variable such as $IP, got %q", name, f.like, value)
		}
		if strings.HasPrefix(f.like, "a port") {
			if n, err := strconv.ParseUint(value, 0, 32); err == nil && n > lastPort {
				return fmt.Errorf("must give %q a port up to %d, got %s", name, lastPort, value)
			}
		}
		return nil
	}
	return nil
}
