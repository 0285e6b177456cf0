package cloudinit

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	// Debian gives these numbers to people's accounts, and higher ones to system accounts such as nobody.
	firstUserID  = 1000
	lastUserID   = 59999
	defaultShell = "/bin/sh"
)

// account is one line of /etc/passwd.
type account struct {
	name     string
	uid, gid int
	home     string
}

func readAccounts(root string) ([]account, error) {
	lines, err := readLines(filepath.Join(root, "etc/passwd"))
	if err != nil {
		return nil, err
	}
	var accounts []account
	for _, line := range lines {
		fields := strings.Split(line, ":")
		if len(fields) != 7 {
			continue
		}
		uid, uidErr := strconv.Atoi(fields[2])
		gid, gidErr := strconv.Atoi(fields[3])
		if uidErr == nil && gidErr == nil {
			accounts = append(accounts, account{name: fields[0], uid: uid, gid: gid, home: fields[5]})
		}
	}
	return accounts, nil
}

func findAccount(root, name string) (account, bool, error) {
	accounts, err := readAccounts(root)
	if err != nil {
		return account{}, false, err
	}
	for _, known := range accounts {
		if known.name == name {
			return known, true, nil
		}
	}
	return account{}, false, nil
}

// addAccount makes a user with a group of the same name and number, and the home folder.
func addAccount(root string, user User) (account, error) {
	accounts, err := readAccounts(root)
	if err != nil {
		return account{}, err
	}
	uid := firstUserID
	for _, known := range accounts {
		if known.uid <= lastUserID {
			uid = max(uid, known.uid+1)
		}
	}
	if user.UID != nil {
		uid = *user.UID
	}
	home := user.HomeDir
	if home == "" {
		home = "/home/" + user.Name
	}
	shell := user.Shell
	// The guest has one shell.
	if _, err := os.Stat(filepath.Join(root, shell)); shell == "" || err != nil {
		shell = defaultShell
	}
	made := account{name: user.Name, uid: uid, gid: uid, home: home}
	line := fmt.Sprintf("%s:x:%d:%d:%s:%s:%s", user.Name, uid, uid, user.Gecos, home, shell)
	if err := appendLine(filepath.Join(root, "etc/passwd"), line); err != nil {
		return account{}, err
	}
	if err := appendLine(filepath.Join(root, "etc/group"), fmt.Sprintf("%s:x:%d:", user.Name, uid)); err != nil {
		return account{}, err
	}
	path := filepath.Join(root, home)
	if err := os.MkdirAll(path, 0o755); err != nil {
		return account{}, err
	}
	return made, os.Chown(path, uid, uid)
}

// lookUpOwner resolves `user:group`, `user` or nothing, which is root.
func lookUpOwner(root, owner string) (uid, gid int, err error) {
	if owner == "" {
		return os.Geteuid(), os.Getegid(), nil
	}
	userName, groupName, hasGroup := strings.Cut(owner, ":")
	user, found, err := findAccount(root, userName)
	if err != nil {
		return 0, 0, err
	}
	if !found {
		return 0, 0, fmt.Errorf("owner '%s' is not a user of this guest", userName)
	}
	if !hasGroup || groupName == "" {
		return user.uid, user.gid, nil
	}
	lines, err := readLines(filepath.Join(root, "etc/group"))
	if err != nil {
		return 0, 0, err
	}
	for _, line := range lines {
		if fields := strings.Split(line, ":"); len(fields) >= 3 && fields[0] == groupName {
			gid, err = strconv.Atoi(fields[2])
			return user.uid, gid, err
		}
	}
	return 0, 0, fmt.Errorf("group '%s' is not a group of this guest", groupName)
}

func readLines(path string) ([]string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimRight(string(content), "\n"), "\n"), nil
}

func appendLine(path, line string) error {
	if strings.ContainsAny(line, "\n\r") {
		return fmt.Errorf("line break in '%.40s'", line)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.WriteString(line + "\n")
	return err
}
