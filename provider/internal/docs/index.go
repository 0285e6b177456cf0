package docs

import "github.com/kvm-fleet/kvm-fleet/provider/internal/conn"

const about = "Manages virtual machines, networks and storage on KVM hosts through libvirt. One provider block holds every host of a fleet; " +
	"each resource names its host. A domain moves to another host by live migration when its `host` changes."

const requirements = `## Requirements

- Terraform 1.0 or OpenTofu 1.6, or later: the versions that speak version 6 of the plugin protocol.
- Terraform 1.11 or OpenTofu 1.11 for configurations with write-only values: passwords of graphical consoles, and values of secrets.
- libvirt with the QEMU driver on each host, as libvirtd or as modular daemons. Nothing else is installed there.
`

// transports describes what a host's uri can be.
const transports = `## Transports

A host's ` + "`uri`" + ` has the form that libvirt's own tools accept, with libvirt's own names for the parameters after the question mark. The ` +
	`provider refuses a parameter
that a transport does not have. On the host it connects to the socket of the modular daemon (` + "`virtqemud-sock`" +
	`) where there is one, and else to that of
libvirtd or virtproxyd.

| URI | parameters |
|---|---|
| ` + "`qemu:///system`, `qemu+unix:///system`" + ` | ` + "`socket`" + ` (the path of another socket), ` + "`mode`" + ` (` + "`direct`" +
	`: only the modular daemon, ` + "`legacy`" + `: only libvirtd or virtproxyd) |
| ` + "`qemu+ssh://[user@]host[:port]/system`" + ` | ` + "`keyfile`, `known_hosts`, `known_hosts_verify`, `no_verify`, `socket`, `mode`" + ` |
| ` + "`qemu+tls://host[:port]/system`" + ` | ` + "`pkipath`, `no_verify`" + ` |
| ` + "`qemu+tcp://host[:port]/system`" + ` | none. The connection is neither encrypted nor authenticated. |

### SSH

The provider follows the user's SSH configuration (` + "`~/.ssh/config`, `/etc/ssh/ssh_config`" + `), so ` + "`host`" +
	` may be one of its aliases. It reads HostName, User, Port,
IdentityFile, IdentitiesOnly, IdentityAgent, CertificateFile, UserKnownHostsFile, GlobalKnownHostsFile, HostKeyAlias, StrictHostKeyChecking ` +
	`and ProxyJump (over several
hosts). Hosts behind the same jump host share one login there. The provider refuses ProxyCommand, and a ` + "`Match`" +
	` with any condition other than one host.

- **Keys** come from ` + "`keyfile`" + `, or from the configuration, or from ` + "`~/.ssh/id_*`" +
	`, and from the agent that SSH_AUTH_SOCK names. An encrypted key must be in an agent: the
  provider never asks for a passphrase.
- **Host keys** must be known: in ` + "`known_hosts`" + `, or in the files that the configuration names. With ` + "`known_hosts_verify=auto`" +
	` the provider accepts the key of a new host and
  stores it; it still refuses a key that has changed. With ` + "`known_hosts_verify=ignore` or `no_verify=1`" +
	` it accepts any key. These parameters apply to the host itself, not
  to jump hosts.
- **Forwarding**: sshd forwards libvirt's socket. Where sshd forbids that, ` + "`virt-ssh-helper`, `socat` or `nc -U`" +
	` on the host does. The user must have access to the socket:
  root, or a member of its group.

### TLS

Both sides present a certificate. The provider reads the files where libvirt has them: ` +
	"`/etc/pki/CA/cacert.pem`, `/etc/pki/libvirt/clientcert.pem`, " +
	"`/etc/pki/libvirt/private/clientkey.pem`" + `, and a list of revoked certificates in ` + "`/etc/pki/CA/cacrl.pem`" +
	`. For a user who is not root it looks in ` + "`~/.pki/libvirt`" + ` first. With
` + "`pkipath`" + ` all files are in that directory. The subjectAltName of the host's certificate must contain the host's name as the URI has it. ` +
	"`no_verify=1`" + ` accepts any
certificate.
`

// environment describes the variables that the provider reads.
const environment = "## Environment\n\n- `" + conn.AssumeDown +
	"` names hosts, separated by commas, that cannot be reached and run nothing. Before the provider starts a domain, it asks all other " +
	"hosts of the fleet whether they run it; a host that does not answer blocks the start. Set this variable for one apply when you are certain " +
	"that a host is down: `" +
	conn.AssumeDown + "=beta terraform apply`. If that host does run the domain, two instances write to the same disks.\n"
