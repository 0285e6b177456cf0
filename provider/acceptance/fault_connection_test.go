//go:build acceptance

package acceptance

import (
	"maps"
	"os"
	"reflect"
	"strings"
	"testing"
)

// oneOfEach returns one resource of every kind.
func oneOfEach(t *testing.T, h *labHost) config {
	t.Helper()
	pool := poolAttrs(t, h)
	in := "${" + aPool + ".name}"
	source, _ := image(t, "raw", mib)
	return config{
		aPool:    pool,
		aVolume:  {"host": h.Name, "pool": in, "name": "it", "format": "raw", "source": source},
		aNetwork: {"host": h.Name, "name": unique(t), "ipv4": ipv4(subnet(), nil)},
		aSeed:    {"host": h.Name, "pool": in, "name": "it.iso", "cloud_init": attrs{"user_data": "#cloud-config\n", "meta_data": "{}"}},
		aDomain: domainAttrs(t, h).with(attrs{"disks": attrs{
			"vda": attrs{"file": "${" + aVolume + ".path}", "format": "raw"},
			"sda": attrs{"file": "${" + aSeed + ".path}", "format": "raw", "device": "cdrom", "bus": "sata"},
		}, "interfaces": attrs{"lan": attrs{"network": "${" + aNetwork + ".name}"}}}),
	}
}

// keepsItsState asserts that the state stays as it is, whatever fails during the call.
func (s *stack) keepsItsState(during func()) {
	s.t.Helper()
	before := s.resources()
	during()
	if after := s.resources(); !reflect.DeepEqual(before, after) {
		s.t.Errorf("the state changed from\n%v\nto\n%v", before, after)
	}
}
func TestFaultConnection(t *testing.T) {
	t.Parallel()
	t.Run("an unreachable host changes no state", testUnreachableHost)
	t.Run("a host that does not answer is given up after its time limit", testHostDoesNotAnswer)
	t.Run("a dropped connection is opened again", testConnectionReopened)
	t.Run("an object whose creation got no answer is tainted and replaced", testCreatedWithoutAnswer)
	t.Run("an object that existed before is not taken over", testExistedBefore)
	t.Run("an upload that breaks off is removed", testUploadBreaksOff)
}

func testUnreachableHost(t *testing.T) {
	t.Parallel()
	s, c := newStack(t), oneOfEach(t, alpha())
	s.apply(c)
	s.settled()

	const dead = "qemu+unix:///system?socket=/nonexistent/libvirt-sock"
	s.hosts[alpha().Name] = dead
	s.keepsItsState(func() {
		for address := range c { // one at a time: Terraform stops at the first that others depend on
			s.write(c, nil)
			o := s.run("plan", "-json", "-target="+address)
			s.says(o.errors(), []string{"on alpha (" + dead + "): dial unix /nonexistent/libvirt-sock: connect: no such file or directory",
				"Nothing was removed from the state. Check that the host is up and that its uri is correct, then run the command again."})
		}
		s.applyFails(c, "on alpha ("+dead+")")
		s.write(c, nil)
		if o := s.run("destroy", "-auto-approve", "-json"); o.code == 0 {
			t.Error("destroyed something on a host that can't be reached")
		}
		s.write(c, nil)
		if o := s.run("destroy", "-auto-approve", "-refresh=false", "-json"); o.code == 0 {
			t.Error("destroyed something on a host that can't be reached")
		}
	})
	s.hosts[alpha().Name] = alpha().URI
	s.plan(c)
	s.settled()
}

func testHostDoesNotAnswer(t *testing.T) {
	t.Parallel()
	a := attrs{"host": alpha().Name, "name": unique(t)}
	s, c := newStack(t), config{aNetwork: a}
	p := newProxy(t, alpha(), func(message) verdict { return pass })
	s.hosts[alpha().Name] = p.uri
	s.apply(c)
	p.judges(func(message) verdict { return silence })
	s.keepsItsState(func() {
		s.planFails(c, `Unable to read network "`+a["name"].(string)+`"`, "on alpha ("+p.uri+"): libvirt does not answer", "no answer within 1m0s")
	})
	s.hosts[alpha().Name] = alpha().URI
	s.plan(c)
	s.settled()
}

func testConnectionReopened(t *testing.T) {
	t.Parallel()
	p := newProxy(t, alpha(), func(message) verdict { return pass })
	c, err := newCore(p.uri, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	drop := func() {
		p.cut()
		suffers(t, cutAfter.String(), "between two operations")
	}
	wanted := map[string]attrs{"libvirt_network": {"host": alpha().Name, "name": unique(t)}, "libvirt_pool": poolAttrs(t, alpha())}
	for kind, want := range wanted {
		if err := c.apply(kind, want); err != nil {
			t.Fatal(err)
		}
		drop()
		eventually(t, "the connection to be opened again", func() bool { return c.settled(kind, want) == nil })
	}
	for kind := range wanted {
		if err := c.apply(kind, nil); err != nil {
			t.Error(err)
		}
	}
	if err := c.close(); err != nil {
		t.Error(err)
	}
}

func testCreatedWithoutAnswer(t *testing.T) {
	t.Parallel()
	for kind, procedure := range map[string]uint32{aPool: poolDefine, aNetwork: networkDefine, aVolume: volCreate, aSeed: volCreate, aDomain: domainDefine} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := oneOfEach(t, alpha())
			if kind == aVolume || kind == aSeed {
				delete(c, aDomain)
				delete(c, aNetwork)
				maps.DeleteFunc(c, func(address string, _ attrs) bool { return address != kind && address != aPool })
			} else {
				a := c[kind].with(attrs{"disks": nil, "interfaces": nil})
				c = config{kind: a}
			}
			p := newProxy(t, alpha(), func(message) verdict { return pass })
			s := newStack(t)
			s.hosts[alpha().Name] = p.uri
			s.plan(c)
			p.judges(once(message{procedure, reply}, cutBefore))
			s.applyPlannedFails("on alpha (" + p.uri + "): the connection was lost during the call")
			if s.state(kind)["tainted"] != true {
				t.Error("it is not marked to be made again")
			}
			s.apply(c)
			s.settled()
			s.destroy()
		})
	}
}

func testExistedBefore(t *testing.T) {
	t.Parallel()
	name, file := unique(t), directory(t)
	alpha().virsh(t, "pool-define-as", name, "dir", "--target", file)
	t.Cleanup(func() { alpha().virsh(t, "pool-undefine", name) })
	alpha().define(t, "net-define", "<network><name>"+name+"</name></network>")
	t.Cleanup(func() { alpha().virsh(t, "net-undefine", name) })
	alpha().define(t, "define", "<domain type='"+theLab.Accelerator+"'><name>"+name+"</name><memory>1024</memory><os><type>hvm</type></os></domain>")
	t.Cleanup(func() { alpha().virsh(t, "undefine", name) })

	for kind, procedure := range map[string]uint32{aPool: poolLookup, aNetwork: networkLookup, aDomain: domainLookup} {
		a := attrs{"host": alpha().Name, "name": name}
		switch kind {
		case aPool:
			a["path"] = file
		case aDomain:
			a["type"], a["vcpu"], a["memory"] = theLab.Accelerator, 1, 32768
		}
		p := newProxy(t, alpha(), once(message{procedure, reply}, cutBefore))
		s := newStack(t)
		s.hosts[alpha().Name] = p.uri
		s.applyFails(config{kind: a}, "alpha already has a "+strings.TrimSuffix(strings.TrimPrefix(kind, "libvirt_"), ".it")+` "`+name+`"`)
		if len(s.resources()) != 0 {
			t.Errorf("%s, which another program created, is in the state", kind)
		}
	}
}

func testUploadBreaksOff(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	source, digest := image(t, "raw", 8*mib)
	packets := 0
	p := newProxy(t, alpha(), func(m message) verdict {
		if m != (message{volUpload, data}) {
			return pass
		}
		if packets++; packets == 3 {
			return cutBefore
		}
		return pass
	})
	s := newStack(t)
	s.hosts[alpha().Name] = p.uri
	c := config{aVolume: {"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "source": source}}
	s.applyFails(c, `Unable to upload volume "it"`, "on alpha ("+p.uri+"): the connection was lost during the call")
	if len(s.resources()) != 0 {
		t.Error("it is in the state")
	}
	alpha().lacks(t, "vol-info", "it", "--pool", pool)
	s.apply(c)
	expect(t, "content", sum(t, alpha().path(dir+"/it")), digest)
	s.settled()
}
func TestConnection(t *testing.T) {
	t.Parallel()
	t.Run("a host is reached by TCP", testConnectionTCP)
	t.Run("a host that the provider block does not name is refused", testUnknownHost)
	t.Run("a URI that only the apply knows defers the resources", testUnknownURI)
	t.Run("hosts that do not answer fail alone", testSilentHosts)
}

func testConnectionTCP(t *testing.T) {
	t.Parallel()
	s, c := newStack(t), oneOfEach(t, beta())
	s.hosts[beta().Name] = beta().TCPURI
	s.apply(c)
	s.settled()
	expect(t, "state", domainState(t, c[aDomain]), "running")
	s.importable("source", "shutdown")
	s.destroy()
	beta().lacks(t, "dominfo", c[aDomain]["name"].(string))

	s.hosts[beta().Name] = strings.Replace(beta().TCPURI, "/system", ":1/system", 1)
	s.applyFails(c, "on beta ("+s.hosts[beta().Name]+"): dial tcp", "connect: connection refused")
	if len(s.resources()) != 0 {
		t.Error("something is in the state")
	}
}

func testUnknownHost(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.planFails(config{aNetwork: {"host": "omega", "name": "it"}}, `no host "omega": the provider block names alpha, beta`, "add it to 'hosts' or correct the name")
	if _, err := os.Stat(s.dir + "/terraform.tfstate"); err == nil {
		t.Error("there is a state")
	}
}
