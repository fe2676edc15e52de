package dynamo

import (
	"os"
	"testing"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/enginetest"
)

func TestMain(m *testing.M) { os.Exit(moto.Main(m)) }

// open makes a table of its own for the test.
func open(t *testing.T) *Engine {
	t.Helper()
	name := moto.Name(t)
	return New(moto.Shared(t).Table(t, Table(name)), name)
}

func TestContract(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) engine.Engine { return open(t) })
}
