package docs

// transports is what a host's uri can be.
const transports = `## Transports

A host's ` + "`uri`" + ` is one that libvirt's own tools take, with libvirt's own names for what follows the question mark. What a transport does not have is refused. On the
host, the socket of the modular daemon (` + "`virtqemud-sock`" + `) is used where there is one, and else that of libvirtd or virtproxyd.

| | parameters |
|---|---|
| ` + "`qemu:///system`, `qemu+unix:///system`" + ` | ` + "`socket`" + ` (the path of another), ` + "`mode`" + ` (` + "`direct`" + `: the modular daemon's alone, ` + "`legacy`" + `: the other alone) |
| ` + "`qemu+ssh://[user@]host[:port]/system`" + ` | ` + "`keyfile`, `known_hosts`, `known_hosts_verify`, `no_verify`, `socket`, `mode`" + ` |
| ` + "`qemu+tls://host[:port]/system`" + ` | ` + "`pkipath`, `no_verify`" + ` |
| ` + "`qemu+tcp://host[:port]/system`" + ` | none; without encryption, and without asking who is there |

### ssh

The user's own configuration is respected (` + "`~/.ssh/config`, `/etc/ssh/ssh_config`" + `), so that ` + "`host`" + ` may be one of its aliases: HostName, User, Port, IdentityFile,
IdentitiesOnly, IdentityAgent, CertificateFile, UserKnownHostsFile, GlobalKnownHostsFile, HostKeyAlias, StrictHostKeyChecking and ProxyJump, over several hosts. Hosts behind
the same jump host share one login there. A condition of ` + "`Match`" + ` other than one host, and ProxyCommand, are refused.

- Keys are those of ` + "`keyfile`" + ` or the configuration, or ` + "`~/.ssh/id_*`" + `, and those of the agent that SSH_AUTH_SOCK names. A key that is encrypted has to be in an agent: nobody is
  asked for anything.
- The host's key must be known: in ` + "`known_hosts`" + `, or the files of the configuration. ` + "`known_hosts_verify=auto`" + ` takes a new host's as it is, and keeps it; one that has changed is
  refused then too. ` + "`known_hosts_verify=ignore`, or `no_verify=1`" + `, takes any. These hold for the host itself, not for jump hosts.
- sshd forwards libvirt's socket; where that is forbidden to it, ` + "`virt-ssh-helper`, `socat` or `nc -U`" + ` on the host does. The user must be allowed to use the socket: root, or in its group.

### TLS

Both sides show a certificate. Files are where libvirt has them: ` + "`/etc/pki/CA/cacert.pem`, `/etc/pki/libvirt/clientcert.pem`, `/etc/pki/libvirt/private/clientkey.pem`" + `, and a
list of revoked ones in ` + "`/etc/pki/CA/cacrl.pem`" + `; for a user who is not root ` + "`~/.pki/libvirt`" + ` before those; with ` + "`pkipath`" + ` all in that directory. The host's certificate must name it
as the uri does, in its subjectAltName. ` + "`no_verify=1`" + ` takes any.
`
