//go:build acceptance

package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// providers returns the IDs of the provider processes that a command has started.
func (s *stack) providers() []int {
	var found []int
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", s.process.Load()))
	for _, file := range files {
		text, _ := os.ReadFile(file) // empty if the file is gone
		for _, field := range strings.Fields(string(text)) {
			pid, _ := strconv.Atoi(field)
			line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
			if bytes.Contains(line, []byte("terraform-provider-libvirt")) {
				found = append(found, pid)
			}
		}
	}
	return found
}

func alive(pid int) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && len(line) > 0 // a zombie has no command line
}

// gone waits for processes to end. It is called from places where a test must not fail.
func gone(pids ...int) bool {
	return within(hangLimit, func() bool { return !slices.ContainsFunc(pids, alive) })
}

// deaths lists what can happen to the processes during a call. Each function returns once it has happened, and reports whether it did.
var deaths = map[string]func(s *stack) bool{
	"provider killed": func(s *stack) bool {
		pids := s.providers()
		for _, pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		return len(pids) > 0 && gone(pids...)
	},
	"terraform killed": func(s *stack) bool {
		pid := int(s.process.Load())
		_ = syscall.Kill(pid, syscall.SIGKILL)
		return gone(pid)
	},
	"Ctrl-C": func(s *stack) bool {
		return syscall.Kill(-int(s.process.Load()), syscall.SIGINT) == nil
	},
	"Ctrl-C twice": func(s *stack) bool {
		pids := s.providers()
		return within(hangLimit, func() bool {
			_ = syscall.Kill(-int(s.process.Load()), syscall.SIGINT) // the call is held meanwhile, so one signal is not enough
			return !alive(int(s.process.Load()))
		}) && gone(pids...)
	},
}

func TestFaultProcesses(t *testing.T) {
	t.Parallel()
	t.Run("a process dies during a call", testProcessDies)
	t.Run("Terraform dies before it writes its state", testStateNotWritten)
	t.Run("the provider ends with its Terraform", testProviderEndsWithTerraform)
}

// testProcessDies does at some calls, with the real processes, what TestFaultMatrix does at each call.
func testProcessDies(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		at    message
		first func(c config) config // what exists before; nil: nothing
	}{
		"a network is made":  {message{networkDefine, reply}, nil},
		"a volume is filled": {message{volUpload, data}, nil},
		"a domain is made":   {message{domainDefine, reply}, nil},
		"a domain changes": {message{domainDefine, reply}, func(c config) config {
			first := config{}
			for address, a := range c {
				first[address] = a
			}
			first[aDomain] = c[aDomain].with(attrs{"description": nil, "vcpu": 2})
			return first
		}},
	} {
		for death, die := range deaths {
			t.Run(death+" while "+what, func(t *testing.T) {
				t.Parallel()
				all := oneOfEach(t, alpha())
				all[aDomain] = all[aDomain].with(attrs{"state": "stopped", "description": "It."})
				s := newStack(t)
				if c.first != nil {
					s.apply(c.first(all))
				}
				var mu sync.Mutex
				died, happened := false, false
				p := newProxy(t, alpha(), func(m message) verdict {
					mu.Lock()
					defer mu.Unlock()
					if died || m != c.at {
						return pass
					}
					died = true
					happened = die(s)
					return pass
				})
				s.hosts[alpha().Name] = p.uri
				s.keepState()
				s.write(all, nil)
				o := s.run("apply", "-auto-approve", "-json")
				mu.Lock()
				if !died || !happened {
					t.Errorf("died %v, happened %v", died, happened)
				}
				mu.Unlock()
				if o.code == 0 && death != "Ctrl-C" {
					t.Error("the apply succeeded")
				}
				suffers(t, death, c.at.in())
				s.recover()
				s.hosts[alpha().Name] = alpha().URI
				s.apply(all)
				s.settled()
				s.destroy()
			})
		}
	}
}

// testStateNotWritten has Terraform die before it writes its state. The next apply takes over finished objects, and replaces unfinished
// ones.
func testStateNotWritten(t *testing.T) {
	t.Parallel()
	all := oneOfEach(t, alpha())
	all[aDomain] = all[aDomain].with(attrs{"state": "stopped"})
	s := newStack(t)
	var once sync.Once
	p := newProxy(t, alpha(), func(m message) verdict {
		if m == (message{domainDefine, reply}) {
			once.Do(func() { deaths["terraform killed"](s) })
		}
		return pass
	})
	s.hosts[alpha().Name] = p.uri
	s.write(all, nil)
	s.run("apply", "-auto-approve", "-json")
	suffers(t, "terraform killed", message{domainDefine, reply}.in())
	volume := fmt.Sprintf("%s/%s", all[aPool]["path"], all[aVolume]["name"])
	before, err := os.Stat(alpha().path(volume))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"terraform.tfstate", "terraform.tfstate.backup"} {
		if err := os.Remove(filepath.Join(s.dir, file)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	s.recover()
	s.hosts[alpha().Name] = alpha().URI
	s.apply(all)
	s.settled()
	if after, err := os.Stat(alpha().path(volume)); err != nil || !os.SameFile(before, after) {
		t.Errorf("the volume was created again: %v", err)
	}
	s.destroy()
}

func (m message) in() string { return point{message: m, nth: 1}.String() }

// recover does what an operator must do after a killed terraform, which leaves its lock and sometimes half a state, because it writes the
// state in place (Terraform 1.11). recover restores the newest complete state: Terraform's own backup, which may be of the run before, or
// the copy of keepState.
func (s *stack) recover() {
	s.t.Helper()
	file := filepath.Join(s.dir, "terraform.tfstate")
	if err := os.Remove(filepath.Join(s.dir, ".terraform.tfstate.lock.info")); err != nil && !os.IsNotExist(err) {
		s.t.Fatal(err)
	}
	if text, err := os.ReadFile(file); os.IsNotExist(err) || json.Valid(text) {
		return
	}
	newest := int64(-1)
	for _, copied := range []string{file + ".backup", file + ".kept"} {
		text, err := os.ReadFile(copied)
		var state struct{ Serial int64 }
		if err != nil || json.Unmarshal(text, &state) != nil || state.Serial <= newest {
			continue
		}
		newest = state.Serial
		if err := os.WriteFile(file, text, 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	if newest < 0 {
		_ = os.Remove(file)
	}
}

// keepState makes a copy of the state, if there is one.
func (s *stack) keepState() {
	s.t.Helper()
	file := filepath.Join(s.dir, "terraform.tfstate")
	text, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file+".kept", text, 0o600)
	}
	if err != nil && !os.IsNotExist(err) {
		s.t.Fatal(err)
	}
}

// testProviderEndsWithTerraform asserts that a provider ends when its Terraform was killed.
func testProviderEndsWithTerraform(t *testing.T) {
	t.Parallel()
	s, pids := newStack(t), []int(nil)
	var mu sync.Mutex
	p := newProxy(t, alpha(), func(m message) verdict {
		mu.Lock()
		defer mu.Unlock()
		if pids == nil && m == (message{networkDefine, reply}) {
			pids = s.providers()
			_ = syscall.Kill(int(s.process.Load()), syscall.SIGKILL)
		}
		return pass
	})
	s.hosts[alpha().Name] = p.uri
	c := config{aNetwork: {"host": alpha().Name, "name": unique(t)}}
	s.write(c, nil)
	s.run("apply", "-auto-approve", "-json")
	mu.Lock()
	begun := pids
	mu.Unlock()
	if len(begun) == 0 || !gone(begun...) {
		t.Errorf("the provider lives on: %v", begun)
	}
	suffers(t, "terraform killed", message{networkDefine, reply}.in())
	s.recover()
	s.hosts[alpha().Name] = alpha().URI
	s.apply(c)
	s.settled()
}
