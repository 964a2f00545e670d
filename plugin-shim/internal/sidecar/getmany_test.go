package sidecar

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

func TestManyEntriesComeInTheOrderOfTheirKeys(t *testing.T) {
	got := ask(t, sidecartest.GetMany("folder/b", "none", "a", "empty", "a"), read(), Host{Storage: filled(t)}).GetEntries().GetEntries()
	var shown []string
	for _, entry := range got {
		shown = append(shown, fmt.Sprintf("%s=%q %t", entry.GetKey(), entry.GetValue(), entry.Value != nil))
	}
	want := `folder/b="2" true, none="" false, a="1" true, empty="" true, a="1" true`
	if strings.Join(shown, ", ") != want {
		t.Errorf("get_many answers %v, want %s", shown, want)
	}
}

func TestANodeThatMayNotWriteReadsMany(t *testing.T) {
	standby := read()
	standby.Mount.Writable = false
	if got := ask(t, sidecartest.GetMany("a"), standby, Host{Storage: filled(t)}).GetEntries().GetEntries(); len(got) != 1 || string(got[0].GetValue()) != "1" {
		t.Errorf("get_many answers %v", got)
	}
}

func TestEightEntriesAreReadAtOnceAndNoMore(t *testing.T) {
	var inside, most atomic.Int32
	var open sync.Once
	full := make(chan struct{})
	storage := &hooked{before: func(context.Context) error {
		now := inside.Add(1)
		defer inside.Add(-1)
		for was := most.Load(); now > was && !most.CompareAndSwap(was, now); was = most.Load() {
		}
		if now == readers {
			open.Do(func() { close(full) })
		}
		// Nobody reads on before eight are reading.
		<-full
		return nil
	}}
	got := ask(t, sidecartest.GetMany(numbered(mostKeys)...), read(), Host{Storage: storage})
	if len(got.GetEntries().GetEntries()) != mostKeys {
		t.Errorf("get_many answers %v", got)
	}
	if most.Load() != readers {
		t.Errorf("%d entries were read at once, want %d", most.Load(), readers)
	}
}

func TestTheRestIsNotReadOnceOneEntryFails(t *testing.T) {
	var reads atomic.Int32
	storage := &hooked{before: func(context.Context) error {
		reads.Add(1)
		return errors.New("disk is gone")
	}}
	got := ask(t, sidecartest.GetMany(numbered(mostKeys)...), read(), Host{Storage: storage}).GetFailure()
	if got.GetKind() != pb.StorageReply_Failure_KIND_OTHER || !strings.Contains(got.GetMessage(), "disk is gone") {
		t.Errorf("failure is %v", got)
	}
	if reads.Load() > readers {
		t.Errorf("%d entries were read though each reader met a failure", reads.Load())
	}
}

func TestEntriesThatDoNotFitAreLeftToBeAskedForAgain(t *testing.T) {
	storage := &logical.InmemStorage{}
	keys := numbered(5)
	for _, key := range keys {
		if err := storage.Put(t.Context(), &logical.StorageEntry{Key: key, Value: bytes.Repeat([]byte("v"), 400<<10)}); err != nil {
			t.Fatal(err)
		}
	}
	host := Host{Storage: storage}
	if got := ask(t, sidecartest.GetMany(keys...), read(), host).GetEntries().GetEntries(); len(got) != 2 || got[1].GetKey() != keys[1] {
		t.Errorf("%d entries are answered, want the first 2", len(got))
	}
	huge := &logical.StorageEntry{Key: "huge", Value: bytes.Repeat([]byte("v"), 3<<20)}
	if err := storage.Put(t.Context(), huge); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, sidecartest.GetMany("huge", "none"), read(), host).GetEntries().GetEntries(); len(got) != 1 || len(got[0].GetValue()) != 3<<20 {
		t.Errorf("%d entries are answered, want the huge one alone", len(got))
	}
}

// numbered returns keys that have no entries.
func numbered(count int) []string {
	keys := make([]string, count)
	for i := range keys {
		keys[i] = fmt.Sprintf("key-%02d", i)
	}
	return keys
}

func TestAnEntryThatIsLargerThanAMessageIsAFailureOfItsOwn(t *testing.T) {
	storage := filled(t)
	if err := storage.Put(t.Context(), &logical.StorageEntry{Key: "huge", Value: bytes.Repeat([]byte("v"), 5<<20)}); err != nil {
		t.Fatal(err)
	}
	host := Host{Storage: storage}
	for what, op := range map[string]*pb.StorageOp{"get": sidecartest.Get("huge"), "get_many": sidecartest.GetMany("huge", "a")} {
		got := ask(t, op, read(), host).GetFailure()
		if got.GetKind() != pb.StorageReply_Failure_KIND_TOO_LARGE || !strings.Contains(got.GetMessage(), "5242880 bytes") {
			t.Errorf("%s answers %v", what, got)
		}
	}
	if got := ask(t, sidecartest.GetMany("a", "huge"), read(), host).GetEntries().GetEntries(); len(got) != 1 || got[0].GetKey() != "a" {
		t.Errorf("get_many answers %v, want what comes before the huge one", got)
	}
}

func TestNamesThatDoNotFitAreListedAfterTheLastOne(t *testing.T) {
	storage := &logical.InmemStorage{}
	var want []string
	for i := range 6_000 {
		name := fmt.Sprintf("%06d-%s", i, strings.Repeat("n", 400))
		want = append(want, name)
		if err := storage.Put(t.Context(), &logical.StorageEntry{Key: "folder/" + name, Value: []byte("v")}); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for pages, after := 1, ""; ; pages++ {
		op := sidecartest.List("folder/")
		op.GetList().After = after
		keys := ask(t, op, read(), Host{Storage: storage}).GetKeys()
		got = append(got, keys.GetNames()...)
		if !keys.GetMore() {
			if pages != 3 {
				t.Errorf("%d pages were needed, want 3", pages)
			}
			break
		}
		after = got[len(got)-1]
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%d names are listed, want %d in order", len(got), len(want))
	}
}
