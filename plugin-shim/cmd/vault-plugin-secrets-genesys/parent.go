package main

import "time"

const parentPoll = time.Second

// exitWithParent ends this process once Vault is gone: killed hard, Vault leaves
// its plugins behind, and one that lives on would hold a background session that
// no Vault backs.
//
// It watches for a new parent process. PR_SET_PDEATHSIG would fire when the
// thread of Vault that started the plugin ends, which Go's scheduler does at
// will; the standard input is not a pipe of Vault's; and the pipe behind the
// standard output tells its end only to those who write.
func exitWithParent(parent func() int, every time.Duration, exit func(code int)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for first := parent(); parent() == first; {
		<-ticker.C
	}
	exit(0)
}
