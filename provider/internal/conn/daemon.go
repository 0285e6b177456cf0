package conn

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// daemon is a daemon of libvirt that serves QEMU.
type daemon struct{ program, socket string }

// libvirt's daemons: the modular one for QEMU, which passes requests on to the other modular daemons; and libvirtd, whose socket may also be that
// of the modular daemons' proxy.
var (
	modularDaemon    = daemon{"virtqemud", "virtqemud-sock"}
	monolithicDaemon = daemon{"libvirtd", "libvirt-sock"}
)

// systemRuntime has the sockets of the libvirt of a host.
const systemRuntime = "/run/libvirt"

func socketsIn(dir string, daemons []daemon) []string {
	var sockets []string
	for _, d := range daemons {
		sockets = append(sockets, filepath.Join(dir, d.socket))
	}
	return sockets
}

// sessionRuntime has the sockets of the libvirt of this user.
//
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/util/virutil.c (virGetUserRuntimeDirectory)
func sessionRuntime() (string, error) {
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		var err error
		if dir, err = os.UserCacheDir(); err != nil {
			return "", err
		}
	}
	return filepath.Join(dir, "libvirt"), nil
}

// idleSeconds is how long the libvirt of a user runs on without connections and guests, as with virsh.
const idleSeconds = 120

// dialSession connects to the libvirt of this user, and starts it if it does not run.
func dialSession(ctx context.Context, daemons []daemon) (net.Conn, error) {
	dir, err := sessionRuntime()
	if err != nil {
		return nil, fmt.Errorf("unable to find the sockets of this user's libvirt; set XDG_RUNTIME_DIR: %w", err)
	}
	c, err := dialFirst(ctx, socketsIn(dir, daemons))
	if err == nil || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ECONNREFUSED) {
		return c, err
	}
	started := startSession(ctx, daemons)
	if c, err := dialFirst(ctx, socketsIn(dir, daemons)); err == nil { // also if another process has started it meanwhile
		return c, nil
	}
	if started == nil {
		started = err
	}
	return nil, fmt.Errorf("the libvirt of this user does not run, and cannot be started: %w", started)
}

// startSession starts the first daemon that this machine has, and returns when it listens.
func startSession(ctx context.Context, daemons []daemon) error {
	var names []string
	for _, d := range daemons {
		path, err := exec.LookPath(d.program)
		if err != nil {
			path, err = exec.LookPath("/usr/sbin/" + d.program) // PATH rarely has it
		}
		if err != nil {
			names = append(names, d.program)
			continue
		}
		ctx, cancel := context.WithTimeout(ctx, dialTimeout)
		defer cancel()
		out, err := exec.CommandContext(ctx, path, "--daemon", fmt.Sprintf("--timeout=%d", idleSeconds)).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w: %s", path, err, strings.TrimSpace(string(out)))
		}
		return nil
	}
	return fmt.Errorf("this machine has no %s; install libvirt", strings.Join(names, " and no "))
}
