package main

import "os"

// waitFor returns when the parent process is gone. On Windows a process keeps the number of its parent, but can wait for any process.
func waitFor(parent int) {
	process, err := os.FindProcess(parent)
	if err == nil {
		_, err = process.Wait()
	}
	if err != nil {
		select {} // it cannot be waited for
	}
}
