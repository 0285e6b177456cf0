//go:build acceptance

package acceptance

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	if theLab, err = loadLab(os.Getenv("KVM_FLEET_LAB")); err != nil {
		return 1, err
	}
	if err := theLab.fits(); err != nil {
		return 1, err
	}
	if theSite, err = loadSite(); err != nil {
		return 1, err
	}
	if inside, err := theLab.inFabric(); err != nil || !inside {
		return reenter(theLab.fabric(), err)
	}
	work, err := os.MkdirTemp("", "kvm-fleet-acceptance-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if theTerraform, err = installTerraform(work); err != nil {
		return 1, err
	}
	// The tests wait for other processes most of the time: with 6 at a time, two cores are half idle.
	if err := flag.Set("test.parallel", "10"); err != nil {
		return 1, err
	}
	if err := theEnds.watch(theLab); err != nil {
		return 1, err
	}
	before, err := contents()
	if err != nil {
		return 1, err
	}
	code = m.Run()
	err = errors.Join(sweepFaults(), theMessages.found())
	sumUp(os.Stdout)
	theEnds.sumUp(os.Stdout)
	if err := errors.Join(err, removeDirectories()); err != nil {
		return 1, err
	}
	after, err := contents()
	// A test that the time limit skips may have made something for itself, which the lab takes with it.
	if err == nil && before != after && !isOver() {
		err = fmt.Errorf("the tests changed what is on the hosts (< before, > after)\n%s", changedLines(before, after))
	}
	return code, err
}

// changedLines returns the lines that only one of two texts has.
func changedLines(before, after string) string {
	var changed strings.Builder
	only := func(mark, text, other string) {
		there := strings.Split(other, "\n")
		for line := range strings.SplitSeq(text, "\n") {
			if !slices.Contains(there, line) {
				fmt.Fprintln(&changed, mark, line)
			}
		}
	}
	only("<", before, after)
	only(">", after, before)
	return changed.String()
}

// reenter runs this program again in the network namespace in which the hosts' fabric addresses can be reached.
func reenter(netns string, err error) (int, error) {
	if err != nil {
		return 1, err
	}
	program, err := filepath.Abs(os.Args[0])
	if err != nil {
		return 1, err
	}
	cmd := exec.Command("nsenter", append([]string{"--net=" + netns, program}, os.Args[1:]...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err = cmd.Run()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return failed.ExitCode(), nil
	}
	return 0, err
}
