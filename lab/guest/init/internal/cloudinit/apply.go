package cloudinit

// Mark prints one line of what was done.
type Mark func(format string, values ...any)

// Apply makes the root file system what the seed asks for, and prints each thing that it did or could not do.
//
// Users come before files, so that a file can belong to one.
func (s Seed) Apply(root string, mark Mark) {
	if hostname := s.Hostname(); hostname != "" {
		mark("cloud-init hostname %s", hostname)
	}
	users := s.UserData.Users
	if len(s.UserData.SSHAuthorizedKeys) > 0 {
		users = append([]User{{Name: DefaultUser, SSHAuthorizedKeys: s.UserData.SSHAuthorizedKeys}}, users...)
	}
	for _, user := range users {
		prints, err := user.Apply(root)
		for _, print := range prints {
			mark("cloud-init ssh-key %s %s", user.Name, print)
		}
		if err != nil {
			mark("cloud-init error user %s: %v", user.Name, err)
		}
	}
	for _, file := range s.UserData.WriteFiles {
		if err := file.Write(root); err != nil {
			mark("cloud-init error file %s: %v", file.Path, err)
			continue
		}
		mark("cloud-init file %s", file.Path)
	}
	for _, key := range s.UserData.Ignored {
		mark("cloud-init ignored %s", key)
	}
}
