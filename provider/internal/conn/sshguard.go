package conn

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
)

// guard ends all ssh processes when this process ends, however it ends: it is a shell that reads their process groups from a pipe, and kills
// them at the end of the pipe.
type guard struct {
	mu        sync.Mutex
	pipe      io.Writer
	directory string // for sockets; "" if ssh cannot use them
	sockets   int    // how many
}

const guardScript = `all=; while read -r verb group; do
case $verb in
add) all="$all $group";;
remove) rest=; for g in $all; do test "$g" = "$group" || rest="$rest $g"; done; all=$rest;;
esac
done
for g in $all; do kill -s KILL -- "-$g"; done
rm -rf -- "$1"`

var guardian = sync.OnceValue(newGuard)

func newGuard() *guard {
	g := &guard{pipe: io.Discard}
	if !hasSessions {
		return g
	}
	var err error
	if g.directory, err = controlDirectory(); err != nil {
		return g
	}
	cmd := exec.Command("sh", "-c", guardScript, "kvm-fleet", g.directory)
	ownSession(cmd)
	pipe, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		_ = os.Remove(g.directory)
		g.directory = ""
		return g
	}
	g.pipe = pipe
	return g
}

// socketMax is how long the path of a socket may be, less what ssh adds to it while it makes one.
const socketMax = 104 - 20

// controlDirectory makes a directory that only this user can read. The paths in it are short enough for sockets.
func controlDirectory() (string, error) {
	parent := os.TempDir()
	if len(parent) > socketMax-len("/kf0123456789/0000") {
		parent = "/tmp"
	}
	return os.MkdirTemp(parent, "kf")
}

func (g *guard) add(pid int)    { g.tell("add", pid) }
func (g *guard) remove(pid int) { g.tell("remove", pid) }

func (g *guard) tell(verb string, pid int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	_, _ = fmt.Fprintln(g.pipe, verb, pid)
}

// socketPath returns a new path for a socket that only this user can use; "" if there is none.
func socketPath() string {
	g := guardian()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.directory == "" {
		return ""
	}
	g.sockets++
	return filepath.Join(g.directory, strconv.Itoa(g.sockets))
}
