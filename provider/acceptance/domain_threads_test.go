//go:build acceptance

package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// threadCases returns the cases of the schedulers and the I/O threads.
func threadCases(t *testing.T) map[string]update {
	t.Helper()
	group := []string{"update", "update"}
	tune := func(a attrs) attrs { return attrs{"cputune": attrs{"shares": 512}.with(a)} }
	emulator := func(a attrs) attrs { return tune(attrs{"emulatorsched": a}) }
	vcpu := func(a attrs) attrs { return tune(attrs{"vcpusched": attrs{"0": a}}) }
	thread := func(a attrs) attrs { return tune(attrs{"iothreads": attrs{"1": a}}) }
	disk := func(a attrs) attrs {
		return tune(attrs{"iothreads": attrs{"1": attrs{}, "2": attrs{}}}).with(attrs{"disks": attrs{"vda": attrs{"file": "/srv/one.img", "options": a}}})
	}
	seeEmulator := together("cputune/emulatorsched@scheduler", "cputune/emulatorsched@priority")
	seeVCPU := together("cputune/vcpusched@vcpus", "cputune/vcpusched@scheduler", "cputune/vcpusched@priority")
	seeThread := together("cputune/iothreadsched@iothreads", "cputune/iothreadsched@scheduler", "cputune/iothreadsched@priority")
	poll := func(name string) update {
		u := update{see: defined("iothreadids/iothread/poll@" + strings.TrimPrefix(name, "poll_")), steps: []step{
			{thread(attrs{name: 1000}), "1000"}, {thread(attrs{name: 2000}), "2000"}, {thread(attrs{}), ""}}}
		if alpha().libvirt(t) < pollingSince {
			u.lacking = "libvirt 9.4"
		}
		return u
	}
	return map[string]update{
		"cputune.emulatorsched": {see: seeEmulator, actions: group, steps: []step{
			{tune(nil), " "}, {emulator(attrs{"scheduler": "fifo", "priority": 1}), "fifo 1"}, {tune(nil), " "}}},
		"cputune.emulatorsched.scheduler": {see: seeEmulator, steps: []step{
			{emulator(attrs{"scheduler": "batch"}), "batch "}, {emulator(attrs{"scheduler": "idle"}), "idle "}}},
		"cputune.emulatorsched.priority": {see: seeEmulator, steps: []step{
			{emulator(attrs{"scheduler": "rr", "priority": 1}), "rr 1"}, {emulator(attrs{"scheduler": "rr", "priority": 99}), "rr 99"}, {emulator(attrs{"scheduler": "idle"}), "idle "}}},
		"cputune.vcpusched": {see: seeVCPU, actions: group, steps: []step{
			{tune(nil), "  "}, {vcpu(attrs{"scheduler": "batch"}), "0 batch "}, {tune(nil), "  "}}},
		"cputune.vcpusched.scheduler": {see: seeVCPU, steps: []step{
			{vcpu(attrs{"scheduler": "batch"}), "0 batch "}, {vcpu(attrs{"scheduler": "idle"}), "0 idle "}}},
		"cputune.vcpusched.priority": {see: seeVCPU, steps: []step{
			{vcpu(attrs{"scheduler": "fifo", "priority": 1}), "0 fifo 1"}, {vcpu(attrs{"scheduler": "fifo", "priority": 2}), "0 fifo 2"}, {vcpu(attrs{"scheduler": "idle"}), "0 idle "}}},
		"cputune.iothreads": {see: together("iothreads", "iothreadids/iothread@id"), actions: group, steps: []step{
			{tune(nil), " "}, {thread(attrs{}), "1 1"}, {tune(nil), " "}}},
		"cputune.iothreads.cpuset": {see: defined("cputune/iothreadpin@cpuset"), steps: []step{
			{thread(attrs{"cpuset": "0"}), "0"}, {thread(attrs{"cpuset": "1"}), "1"}, {thread(attrs{}), ""}}},
		"cputune.iothreads.scheduler": {see: seeThread, steps: []step{
			{thread(attrs{"scheduler": "batch"}), "1 batch "}, {thread(attrs{"scheduler": "idle"}), "1 idle "}, {thread(attrs{}), "  "}}},
		"cputune.iothreads.priority": {see: seeThread, steps: []step{
			{thread(attrs{"scheduler": "rr", "priority": 1}), "1 rr 1"}, {thread(attrs{"scheduler": "rr", "priority": 2}), "1 rr 2"}, {thread(attrs{"scheduler": "idle"}), "1 idle "}}},
		"cputune.iothreads.pool_min": {see: defined("iothreadids/iothread@thread_pool_min"), steps: []step{
			{thread(attrs{"pool_min": 1, "pool_max": 8}), "1"}, {thread(attrs{"pool_min": 2, "pool_max": 8}), "2"}, {thread(attrs{"pool_max": 8}), ""}}},
		"cputune.iothreads.pool_max": {see: defined("iothreadids/iothread@thread_pool_max"), steps: []step{
			{thread(attrs{"pool_max": 8}), "8"}, {thread(attrs{"pool_max": 16}), "16"}, {thread(attrs{}), ""}}},
		"cputune.iothreads.poll_max":    poll("poll_max"),
		"cputune.iothreads.poll_grow":   poll("poll_grow"),
		"cputune.iothreads.poll_shrink": poll("poll_shrink"),
		"cputune.partition": {see: defined("resource/partition"), steps: []step{
			{tune(attrs{"partition": "/machine/one"}), "/machine/one"}, {tune(attrs{"partition": "/machine/two"}), "/machine/two"}, {tune(nil), ""}}},
		"disks.options.iothread": {see: defined("devices/disk/driver@iothread"), steps: []step{
			{disk(attrs{"iothread": 1, "queues": 2}), "1"}, {disk(attrs{"iothread": 2, "queues": 2}), "2"}, {disk(attrs{"queues": 2}), ""}}},
	}
}

// pollingSince is the first libvirt that keeps how I/O threads poll.
const pollingSince = 9_004_000

// TestDomainThreads asserts that I/O threads come and go while a guest runs, on the CPUs of the host that are configured; that one that a disk uses
// stays until the guest's next start; and that the kernel runs threads with their schedulers.
func TestDomainThreads(t *testing.T) {
	t.Parallel()
	cpus := alpha().cpus(t)
	first, last := cpus[0], cpus[len(cpus)-1]
	a := sectorGuest(t, alpha(), tallySector).with(attrs{"vcpu": 2, "shutdown": attrs{"timeout": 0}, "cputune": attrs{
		"iothreads": attrs{"1": attrs{"cpuset": first}}, "vcpusched": attrs{"1": attrs{"scheduler": "batch"}}, "emulatorsched": attrs{"scheduler": "idle"},
		"global_period": 100000, "global_quota": 200000,
	}})
	a = put(a, []string{"disks", "vda", "options"}, attrs{"iothread": 1})
	s, name := newStack(t), a["name"].(string)
	s.apply(config{aDomain: a})
	s.settled()
	s.pendingIs(nil)
	s.importable("shutdown")
	run, count := pid(t, a), countsOn(t, a, 0)
	for thread, policy := range map[string]string{"CPU 0/TCG": "0", "CPU 1/TCG": "3", "": "5"} { // SCHED_OTHER, SCHED_BATCH, SCHED_IDLE
		if theLab.Accelerator == "qemu" || thread == "" {
			expect(t, "the scheduler of thread "+thread, schedulerOf(t, run, thread), policy)
		}
	}

	more := put(a, []string{"cputune", "iothreads", "4"}, attrs{"cpuset": last, "pool_max": 16})
	s.apply(config{aDomain: more})
	s.settled()
	s.pendingIs(nil)
	affinity := alpha().virsh(t, "iothreadinfo", name)
	if fields := strings.Fields(affinity); !strings.Contains(strings.Join(fields, " "), "4 "+last) {
		t.Errorf("I/O thread 4 is not on CPU %s:\n%s", last, affinity)
	}
	expect(t, "worker threads of thread 4", at(alpha().xml(t, "dumpxml", name), "iothreadids/iothread[@id='4']@thread_pool_max"), "16")
	moved := put(more, []string{"cputune", "iothreads", "1", "cpuset"}, last)
	moved = put(moved, []string{"cputune", "iothreads", "1", "pool_min"}, 70)
	moved = put(moved, []string{"cputune", "iothreads", "1", "pool_max"}, 80)
	if alpha().libvirt(t) >= pollingSince {
		moved = put(moved, []string{"cputune", "iothreads", "1", "poll_max"}, 1000)
	}
	moved = put(moved, []string{"cputune", "global_quota"}, 150000)
	s.apply(config{aDomain: moved})
	s.settled()
	running := alpha().xml(t, "dumpxml", name)
	expect(t, "CPU of I/O thread 1", at(running, "cputune/iothreadpin[@iothread='1']@cpuset"), last)
	for thread, setting := range map[string]string{"thread-pool-min": "70", "thread-pool-max": "80", "poll-max-ns": "1000"} {
		if thread == "poll-max-ns" && alpha().libvirt(t) < pollingSince {
			continue
		}
		answer := alpha().virsh(t, "qemu-monitor-command", name, `{"execute": "qom-get", "arguments": {"path": "/objects/iothread1", "property": "`+thread+`"}}`)
		if !strings.Contains(answer, `"return":`+setting+`,`) {
			t.Errorf("%s of the running thread is not %s: %s", thread, setting, answer)
		}
	}
	s.pendingIs(nil)
	expect(t, "quota of all threads", at(running, "cputune/global_quota"), "150000")

	fewer := put(moved, []string{"cputune", "iothreads", "4"}, nil)
	s.apply(config{aDomain: fewer})
	s.settled()
	s.pendingIs(nil)
	expect(t, "I/O threads", at(alpha().xml(t, "dumpxml", name), "iothreads"), "1")

	// A disk keeps its thread as long as the guest runs.
	none := put(put(fewer, []string{"cputune", "iothreads"}, nil), []string{"disks", "vda", "options"}, nil)
	expect(t, "warning", s.plan(config{aDomain: none}).warnings(), name+` keeps running as it is: cputune.iothreads["1"], disks["vda"].options.iothread`+waits)
	s.apply(config{aDomain: none})
	s.settled()
	s.pendingIs(`cputune.iothreads["1"], disks["vda"].options.iothread`)
	expect(t, "I/O threads of the running guest", at(alpha().xml(t, "dumpxml", name), "iothreads"), "1")
	countsOn(t, a, count)
	expect(t, "the process that runs the guest", pid(t, a), run)

	s.planFails(config{aDomain: put(a, []string{"disks", "vda", "options"}, attrs{"iothread": 9})}, "'9'")
	if alpha().libvirt(t) < pollingSince {
		s.planFails(config{aDomain: put(a, []string{"cputune", "iothreads", "1", "poll_max"}, 1000)}, "'poll_max' requires libvirt 9.4.0, and alpha has ")
	}
	s.write(config{aDomain: none}, nil)
}

// schedulerOf returns the number of the kernel's policy for a thread of a process; "" is the main thread.
//
// https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
func schedulerOf(t *testing.T, process, thread string) string {
	t.Helper()
	all, err := filepath.Glob("/proc/" + process + "/task/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range all {
		name, err1 := os.ReadFile(task + "/comm")
		stat, err2 := os.ReadFile(task + "/stat")
		if err1 != nil || err2 != nil {
			continue // the thread has ended
		}
		if strings.TrimSpace(string(name)) == thread || thread == "" && filepath.Base(task) == process {
			fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
			return fields[38] // policy, the 41st field
		}
	}
	t.Fatalf("process %s has no thread %q", process, thread)
	return ""
}
