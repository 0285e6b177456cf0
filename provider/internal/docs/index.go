package docs

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
)

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
that a transport does not have. With a path of ` + "`/session`" + ` in place of ` + "`/system`" +
	`, a socket or ssh reaches the libvirt of the user, which needs no root: ` +
	`the provider starts it as virsh does. On the host it connects to the socket of the modular daemon (` + "`virtqemud-sock`" +
	`) where there is one, and else to that of
libvirtd or virtproxyd.

| URI | parameters |
|---|---|
| ` + "`qemu:///system`, `qemu+unix:///system`" + ` | ` + "`socket`" + ` (the path of another socket), ` + "`mode`" + ` (` + "`direct`" +
	`: only the modular daemon, ` + "`legacy`" + `: only libvirtd or virtproxyd) |
| ` + "`qemu+ssh://[user@]host[:port]/system`" + ` | ` + "`command`, `keyfile`, `known_hosts`, `known_hosts_verify`, `no_verify`, `no_tty`, " +
	"`sshauth`, " +
	"`proxy`, `netcat`, `socket`, `mode`" + ` |
| ` + "`qemu+tls://host[:port]/system`" + ` | ` + "`pkipath`, `no_verify`" + ` |
| ` + "`qemu+tcp://host[:port]/system`" + ` | none. The connection is neither encrypted nor authenticated. |

### SSH

The ssh program (OpenSSH) of the machine that runs Terraform logs in: what ` + "`ssh host`" + ` can, a URI can. Its configuration holds (` +
	"`~/.ssh/config`, `/etc/ssh/ssh_config`" + `) with
aliases, ` + "`Match`, `Include`, `ProxyJump`, `ProxyCommand`" + `, agents, security keys and certificates. If a host cannot be reached, ` +
	`the error is what ssh
says, and has the command to try by hand.

- **Nothing is asked.** The login must work without a password or passphrase: with a key, or with a login that you hold open ` +
	`(` + "`ControlMaster`" +
	`), which is used if it
  exists. An encrypted key must be in an agent. Of ` + "`sshauth`, only `agent` and `privkey`" + ` have an effect.
- **One login** carries all connections to a host, and hosts behind the same jump host share a login there. A server that does not answer ` +
	`fails after 15 seconds, a
  connection whose host does not answer ends after about 30 seconds. All ssh processes end with the provider.
- **Host keys** are verified as ssh is configured; a key that ssh would ask about is refused. ` + "`known_hosts` names another file. " +
	"`known_hosts_verify`" + ` is ` + "`normal`" + ` (refuse
  unknown keys), ` + "`auto`" + ` (store the key of a new host, refuse a changed key) or ` + "`ignore`, which like `no_verify=1`" + ` ` +
	`accepts any key. These parameters apply to the
  host itself, not to jump hosts.
- **Libvirt's socket** is forwarded by sshd. Where sshd forbids that, ` + "`virt-ssh-helper`, `socat` or `nc -U` on the host does it. " +
	"`proxy=native` and `proxy=netcat`" + `
  choose one of these programs, ` + "`netcat`" + ` names it. The user must have access to the socket: root, or a member of its group.
- **` + "`command`" + `** is another ssh program.

A client that is built in is used if there is no ssh program, or if the environment variable ` + "`" + conn.SSHKey + "`" + ` has a private ` +
	`key, for pipelines that have it as a
secret. It uses that key, or ` + "`keyfile`, or `~/.ssh/id_*`" + `, and ` + "`known_hosts`" + `; it reads no configuration of ssh, and has ` +
	`no agent and no jump hosts. In a pipeline
that needs them, put the key into an agent: ` + "`ssh-add - <<< \"$KEY\"`" + `.

### TLS

Both sides present a certificate. The provider reads the files where libvirt has them: ` +
	"`/etc/pki/CA/cacert.pem`, `/etc/pki/libvirt/clientcert.pem`, " +
	"`/etc/pki/libvirt/private/clientkey.pem`" + `, and a list of revoked certificates in ` + "`/etc/pki/CA/cacrl.pem`" +
	`. For a user who is not root it looks in ` + "`~/.pki/libvirt`" + ` first. With
` + "`pkipath`" + ` all files are in that directory. The subjectAltName of the host's certificate must contain the host's name as the URI ` +
	`has it. ` +
	"`no_verify=1`" + ` accepts any
certificate.
`

// environment describes the variables that the provider reads.
const environment = "## Environment\n\n- `" + conn.AssumeDown +
	"` names hosts, separated by commas, that cannot be reached and run nothing. Before the provider starts a domain, it asks all other " +
	"hosts of the fleet whether they run it; a host that does not answer blocks the start. Set this variable for one apply when you are certain " +
	"that a host is down: `" +
	conn.AssumeDown + "=beta terraform apply`. If that host does run the domain, two instances write to the same disks.\n" +
	"- `" + storage.AssumeGone +
	"` names pools, separated by commas, whose missing volumes no longer exist. If a volume is missing from a pool whose file system has " +
	"another size than before, the refresh fails, because a file system may not be mounted. If it was really removed, set this variable " +
	"for one run: `" +
	storage.AssumeGone + "=alpha/vms terraform apply`. The volumes are then created again.\n" +
	"- `" + conn.SSHKey + "` is a private key for logins by ssh, see [SSH](#ssh).\n"
