package schema

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// vncPasswordLength is the maximum length of a VNC password. https://libvirt.org/formatdomain.html#graphical-framebuffers
const vncPasswordLength = 8

// consoleRules checks the serial port and the graphical console.
func consoleRules(p table.Problems, config table.Model) {
	if s := config.Group("serial"); s["log_append"] == true && s["log_file"] == nil {
		p.Requires("serial.log_append", "log_file")
	}
	g := config.Group("graphics")
	if (g["password"] != nil) != (g["password_version"] != nil) {
		p.Add("graphics.password_version", "'password_version' and 'password' require each other; begin with 1, and raise it with each new password")
	}
	if length := len(g.Str("password")); g["type"] == "vnc" && length > vncPasswordLength {
		p.Must("graphics.password", "have at most %d characters with type \"vnc\", got %d; shorten it, or use \"spice\"", vncPasswordLength, length)
	}
}
