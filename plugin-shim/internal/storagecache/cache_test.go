package storagecache

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/logical"
)

func TestWhatWasWrittenIsReadWithoutStorage(t *testing.T) {
	r := newRig(t)
	r.wrote("config", "1")
	r.kept("config", "1")
	r.wrote("config", "2")
	r.kept("config", "2")
	r.deleted("config")
	r.kept("config", absent)
	if entry, err := r.below.InmemStorage.Get(t.Context(), "config"); entry != nil || err != nil {
		t.Errorf("storage holds %v, %v", entry, err)
	}
}

func TestWhatWasReadOnceIsReadWithoutStorage(t *testing.T) {
	r := newRig(t)
	r.behind("roles/a", "1")
	r.behind("roles/empty", "")
	for key, value := range map[string]string{"roles/a": "1", "roles/empty": "", "roles/none": absent, "config": absent} {
		r.notKept(key, value)
		r.kept(key, value)
	}
}

func TestOnlyMarkedKeysAreKept(t *testing.T) {
	r := newRig(t)
	for _, key := range []string{"clients/a", "role", "roles", "config/a", "configs", "xroles/a"} {
		r.wrote(key, "1")
		r.notKept(key, "1")
		r.notKept(key, "1")
	}
	r.wrote("roles/a/b", "1")
	r.kept("roles/a/b", "1")
}

func TestListsAreVaults(t *testing.T) {
	r := newRig(t)
	r.wrote("roles/a", "1")
	for range 2 {
		if names, err := r.storage.List(t.Context(), "roles/"); err != nil || strings.Join(names, " ") != "a" {
			t.Errorf("list answers %v, %v", names, err)
		}
	}
	if lists := r.below.lists.Load(); lists != 2 {
		t.Errorf("%d lists reached storage, want 2", lists)
	}
	if r.cache.Over(nil) != nil {
		t.Error("no storage is some storage")
	}
}

func TestAWriteThatFailedIsInDoubtForAMinute(t *testing.T) {
	cases := []struct {
		name     string
		happens  bool
		write    func(*rig) error
		thenIs   string
		thenLate string
	}{
		{"a put that did not happen", false, func(r *rig) error { return r.put("config", "2") }, "1", "3"},
		{"a put that happened", true, func(r *rig) error { return r.put("config", "2") }, "2", "3"},
		{"a delete that did not happen", false, func(r *rig) error { return r.storage.Delete(r.t.Context(), "config") }, "1", "3"},
		{"a delete that happened", true, func(r *rig) error { return r.storage.Delete(r.t.Context(), "config") }, absent, "3"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.wrote("config", "1")
			lost := func() error { return context.Canceled }
			if c.happens {
				r.below.hook(nil, lost)
			} else {
				r.below.hook(lost, nil)
			}
			if err := c.write(r); !errors.Is(err, context.Canceled) {
				t.Fatalf("the write answers %v", err)
			}
			r.below.hook(nil, nil)
			r.notKept("config", c.thenIs)
			// It arrives late.
			r.behind("config", c.thenLate)
			r.notKept("config", c.thenLate)
			r.wrote("config", "4")
			r.notKept("config", "4")
			r.passes(doubt - time.Second)
			r.notKept("config", "4")
			r.wrote("roles/a", "another key")
			r.kept("roles/a", "another key")
			r.passes(time.Second)
			r.notKept("config", "4")
			r.kept("config", "4")
		})
	}
}

func TestWhatBeganInDoubtIsNotKept(t *testing.T) {
	cases := []struct {
		name string
		act  func(*rig)
	}{
		{"a read", func(r *rig) { _, _ = r.storage.Get(r.t.Context(), "config") }},
		{"a write", func(r *rig) { r.wrote("config", "1") }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.behind("config", "1")
			r.below.hook(func() error { return context.Canceled }, nil)
			if r.put("config", "2") == nil {
				t.Fatal("the write succeeded")
			}
			r.passes(doubt - time.Second)
			// It has acted, what was doubted arrives, and its answer comes after the doubt.
			r.below.hook(nil, func() error {
				r.below.hook(nil, nil)
				r.behind("config", "2")
				r.passes(time.Second)
				return nil
			})
			c.act(r)
			r.notKept("config", "2")
			r.kept("config", "2")
		})
	}
}

func TestManyFailuresPutAllKeysInDoubt(t *testing.T) {
	r := newRig(t)
	r.wrote("config", "1")
	r.below.hook(func() error { return errors.New("disk is gone") }, nil)
	for i := range mostDoubtful + 1 {
		if r.put(fmt.Sprintf("roles/%d", i), "1") == nil {
			t.Fatal("the write succeeded")
		}
	}
	r.below.hook(nil, nil)
	r.notKept("config", "1")
	r.notKept("config", "1")
	r.passes(doubt)
	r.notKept("roles/0", absent)
	r.kept("roles/0", absent)
}

func TestAReadThatFailedIsNotKept(t *testing.T) {
	r := newRig(t)
	r.below.hook(func() error { return errors.New("disk is gone") }, nil)
	if entry, err := r.storage.Get(t.Context(), "config"); entry != nil || err == nil {
		t.Fatalf("the read answers %v, %v", entry, err)
	}
	r.below.hook(nil, nil)
	r.behind("config", "1")
	r.notKept("config", "1")
}

func TestAReadThatSomethingOvertookKeepsNothing(t *testing.T) {
	cases := []struct {
		name    string
		happens func(*rig)
		then    string
	}{
		{"a put", func(r *rig) { r.wrote("config", "new") }, "new"},
		{"a delete", func(r *rig) { r.deleted("config") }, absent},
		{"a put that failed and happened", func(r *rig) {
			r.below.hook(nil, func() error { return context.Canceled })
			if r.put("config", "new") == nil {
				r.t.Error("the write succeeded")
			}
			r.below.hook(nil, nil)
		}, "new"},
		{"an invalidation", func(r *rig) { r.behind("config", "new"); r.cache.Drop("config") }, "new"},
		{"a clearance", func(r *rig) { r.behind("config", "new"); r.cache.Clear() }, "new"},
		{"the end of the right to write", func(r *rig) { r.behind("config", "new"); r.writable.Store(false) }, "new"},
		{"the end of the mount", func(r *rig) { r.behind("config", "new"); r.cache.Close() }, "new"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.behind("config", "old")
			// Storage has answered, and the answer is on its way.
			r.below.hook(nil, func() error {
				r.below.hook(nil, nil)
				c.happens(r)
				return nil
			})
			if entry, err := r.storage.Get(t.Context(), "config"); err != nil || string(entry.Value) != "old" {
				t.Fatalf("the read answers %v, %v", entry, err)
			}
			r.writable.Store(true)
			entry, err := r.storage.Get(t.Context(), "config")
			got := absent
			if entry != nil {
				got = string(entry.Value)
			}
			if err != nil || got != c.then {
				t.Errorf("after it, config is %q, %v; want %q", got, err, c.then)
			}
			if len(r.cache.flights) != 0 {
				t.Errorf("%d keys are still being read or written", len(r.cache.flights))
			}
		})
	}
}

func TestAReadWithinAWriteKeepsNothing(t *testing.T) {
	r := newRig(t)
	r.behind("config", "old")
	r.below.hook(func() error {
		r.below.hook(nil, nil)
		r.notKept("config", "old")
		r.notKept("config", "old")
		return nil
	}, nil)
	r.wrote("config", "new")
	r.kept("config", "new")
}

func TestOfAWriteWithinAnotherNeitherIsKept(t *testing.T) {
	r := newRig(t)
	r.below.hook(nil, func() error {
		r.below.hook(nil, nil)
		r.wrote("config", "inner")
		r.notKept("config", "inner")
		r.notKept("config", "inner")
		return nil
	})
	r.wrote("config", "outer")
	r.notKept("config", "inner")
	r.kept("config", "inner")
}

func TestAWriteThatOutlastsAnotherIsNotKept(t *testing.T) {
	r := newRig(t)
	begun, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	r.below.hook(nil, func() error {
		r.below.hook(func() error {
			close(begun)
			<-goOn
			return nil
		}, nil)
		go func() { ended <- r.put("config", "second") }()
		<-begun
		r.below.hook(nil, nil)
		return nil
	})
	r.wrote("config", "first")
	r.notKept("config", "first")
	close(goOn)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	r.notKept("config", "second")
	r.kept("config", "second")
}

func TestWhatSomebodyElseChangedIsReadAnew(t *testing.T) {
	r := newRig(t)
	r.wrote("config", "old")
	r.wrote("roles/a", "1")
	r.behind("config", "new")
	r.cache.Drop("config")
	r.notKept("config", "new")
	r.kept("roles/a", "1")
	r.cache.Clear()
	r.notKept("roles/a", "1")
}

func TestANodeThatMayNotWriteIsServedByStorageAlone(t *testing.T) {
	r := newRig(t)
	r.wrote("config", "old")
	r.wrote("roles/a", "1")
	r.writable.Store(false)
	r.behind("config", "new")
	r.notKept("config", "new")
	r.wrote("config", "newer")
	r.notKept("config", "newer")
	r.writable.Store(true)
	r.notKept("config", "newer")
	// Another node may have written all of them meanwhile.
	r.notKept("roles/a", "1")
	r.kept("roles/a", "1")
}

func TestANewCacheKeepsNothingUntilTheFormerBackendsWritesHaveArrived(t *testing.T) {
	r := newRig(t)
	r.passes(-settling)
	r.wrote("config", "1")
	r.notKept("config", "1")
	r.passes(settling - time.Second)
	r.notKept("config", "1")
	r.passes(time.Second)
	r.notKept("config", "1")
	r.kept("config", "1")
}

func TestTheEntriesThatWereUsedLastStay(t *testing.T) {
	const value = "0123456789"
	size := len("roles/a") + len(value) + entryOverhead
	r := newRig(t, func(o *Options) { o.MostBytes = 3*size + 1 })
	for _, name := range []string{"a", "b", "c"} {
		r.wrote("roles/"+name, value)
	}
	r.kept("roles/a", value)
	r.wrote("roles/d", value)
	for _, name := range []string{"a", "c", "d"} {
		r.kept("roles/"+name, value)
	}
	r.notKept("roles/b", value)
	// Which takes the place of the one that was not used for longest.
	r.notKept("roles/a", value)
	if r.cache.bytes > 3*size+1 {
		t.Errorf("%d bytes are kept", r.cache.bytes)
	}
}

func TestALargeValueIsNotKept(t *testing.T) {
	r := newRig(t, func(o *Options) { o.LargestValue = 10 })
	r.wrote("config", "0123456789")
	r.kept("config", "0123456789")
	r.wrote("config", "0123456789a")
	r.notKept("config", "0123456789a")
	r.notKept("config", "0123456789a")
}

func TestTheSizeIsThatOfWhatIsKept(t *testing.T) {
	r := newRig(t)
	for i := range 1000 {
		key := fmt.Sprintf("roles/%d", rand.IntN(50))
		switch i % 4 {
		case 0:
			r.deleted(key)
		case 1:
			r.cache.Drop(key)
		default:
			r.wrote(key, strings.Repeat("x", rand.IntN(100)))
		}
	}
	sum := 0
	for _, held := range r.cache.kept.Values() {
		sum += held.size
	}
	if r.cache.bytes != sum {
		t.Errorf("%d bytes are counted, and %d kept", r.cache.bytes, sum)
	}
	r.cache.Clear()
	if r.cache.bytes != 0 {
		t.Errorf("%d bytes are counted of nothing", r.cache.bytes)
	}
}

func TestWhatIsKeptNoLongerIsWiped(t *testing.T) {
	for name, ends := range map[string]func(*rig){
		"the mount goes":     func(r *rig) { r.cache.Close() },
		"all is forgotten":   func(r *rig) { r.cache.Clear() },
		"somebody wrote it":  func(r *rig) { r.cache.Drop("config") },
		"it is written anew": func(r *rig) { r.wrote("config", "other") },
		"it is deleted":      func(r *rig) { r.deleted("config") },
		"the node stands by": func(r *rig) { r.writable.Store(false); r.notKept("config", "secret") },
		"it has no room":     func(r *rig) { r.wrote("roles/a", strings.Repeat("x", 200)) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(o *Options) { o.MostBytes = 700 })
			r.wrote("config", "secret")
			held, _ := r.cache.kept.Peek("config")
			ends(r)
			if strings.Trim(string(held.value), "\x00") != "" {
				t.Errorf("%q is left in memory", held.value)
			}
		})
	}
}

func TestAClosedCacheKeepsNothing(t *testing.T) {
	r := newRig(t)
	r.cache.Close()
	r.wrote("config", "1")
	r.notKept("config", "1")
	r.notKept("config", "1")
}

func TestWhoReadsAndWhoWritesMayChangeTheirBytes(t *testing.T) {
	r := newRig(t)
	written := &logical.StorageEntry{Key: "config", Value: []byte("mine")}
	if err := r.storage.Put(t.Context(), written); err != nil {
		t.Fatal(err)
	}
	written.Value[0] = 'X'
	for range 2 {
		entry, err := r.storage.Get(t.Context(), "config")
		if err != nil || string(entry.Value) != "mine" {
			t.Fatalf("config is %v, %v", entry, err)
		}
		entry.Value[1] = 'X'
	}
	r.cache.Drop("config")
	read, _ := r.storage.Get(t.Context(), "config")
	read.Value[2] = 'X'
	again, _ := r.storage.Get(t.Context(), "config")
	if again.Value[2] == 'X' {
		t.Error("who read it first changed what is kept")
	}
}

func TestAPanicOfStorageLeavesNothingBehind(t *testing.T) {
	r := newRig(t)
	r.wrote("roles/a", "1")
	r.below.hook(nil, func() error { panic("bug") })
	for _, act := range []func(){
		func() { _, _ = r.storage.Get(t.Context(), "config") },
		func() { _ = r.put("roles/a", "2") },
	} {
		func() {
			defer func() { _ = recover() }()
			act()
		}()
	}
	r.below.hook(nil, nil)
	if len(r.cache.flights) != 0 {
		t.Errorf("%d keys are still being read or written", len(r.cache.flights))
	}
	r.notKept("roles/a", "2")
}

// Many read and write a few keys at once, some writes fail, and some of those
// happen. Once all is quiet, and doubt is over, cache and storage say the same.
func TestCacheAndStorageAgreeWhateverOverlaps(t *testing.T) {
	r := newRig(t)
	keys := []string{"config", "roles/a", "roles/b"}
	r.below.hook(func() error {
		if rand.IntN(50) == 0 {
			return errors.New("it did not happen")
		}
		return nil
	}, func() error {
		if rand.IntN(50) == 0 {
			return errors.New("it happened")
		}
		return nil
	})
	var working sync.WaitGroup
	for worker := range 8 {
		working.Go(func() {
			for i := range 500 {
				key := keys[rand.IntN(len(keys))]
				switch rand.IntN(6) {
				case 0:
					_ = r.put(key, fmt.Sprintf("%d of %d", i, worker))
				case 1:
					_ = r.storage.Delete(t.Context(), key)
				case 2:
					r.clock.Add(20)
				default:
					_, _ = r.storage.Get(t.Context(), key)
				}
			}
		})
	}
	working.Wait()
	r.below.hook(nil, nil)
	for _, key := range keys {
		through, err := r.storage.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := r.below.InmemStorage.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if (through == nil) != (stored == nil) || through != nil && string(through.Value) != string(stored.Value) {
			t.Errorf("%s is %v, and storage holds %v", key, through, stored)
		}
	}
	if len(r.cache.flights) != 0 {
		t.Errorf("%d keys are still being read or written", len(r.cache.flights))
	}
}
