package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/sender"
	desks "github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/local"
)

// blockedCmd is about whose mail is kept aside.
type blockedCmd struct {
	List   listBlockedCmd   `cmd:"" help:"Say who is blocked, by whom and since when."`
	Add    addBlockedCmd    `cmd:"" help:"Keep the mail of an address, or of a domain and all below it, aside from now on."`
	Remove removeBlockedCmd `cmd:"" help:"Let it in again. What is held stays held; a lead can let it in."`
}

// blockedHome is which desk is meant.
type blockedHome struct {
	Data   string `xor:"home" required:"" placeholder:"FOLDER" help:"The data folder of replywell local, which may be running."`
	Config string `placeholder:"FILE" help:"The configuration that replywell local is started with; needed only while it is not running."`
	Stack  string `xor:"home" required:"" placeholder:"STACK" help:"This deployed stack."`
}

type listBlockedCmd struct{ blockedHome }

type addBlockedCmd struct {
	blockedHome
	Sender string `arg:"" help:"An address, like mallory@example.com, or a domain."`
}

type removeBlockedCmd struct {
	blockedHome
	Sender string `arg:"" help:"An address or a domain, as the list has it."`
}

// Run lists who is blocked.
func (c listBlockedCmd) Run() error { return c.run(context.Background(), os.Stdout, "list", "") }

// Run blocks a sender.
func (c addBlockedCmd) Run() error {
	return c.run(context.Background(), os.Stdout, "add", c.Sender)
}

// Run ends that a sender is blocked.
func (c removeBlockedCmd) Run() error {
	return c.run(context.Background(), os.Stdout, "remove", c.Sender)
}

func (c blockedHome) run(ctx context.Context, out io.Writer, do, who string) error {
	said, err := c.ask(ctx, do, who)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, said)
	return err
}

func (c blockedHome) ask(ctx context.Context, do, who string) (string, error) {
	if c.Stack != "" {
		aws, err := cloud.Connect(ctx)
		if err != nil {
			return "", err
		}
		h, err := cloud.StackHome(ctx, aws, c.Stack)
		if err != nil {
			return "", err
		}
		return blocked(ctx, h, do, who)
	}
	if info, err := os.Stat(filepath.Join(c.Data, "store.db")); err != nil || info.IsDir() {
		return "", fmt.Errorf("there is no desk in %s; give the folder that \"replywell local --data\" uses", c.Data)
	}
	if said, running, err := askDesk(ctx, c.Data, blockedPath, url.Values{"do": {do}, "sender": {who}}); running {
		return string(said), err
	}
	settings, err := config.Load(c.Config)
	if err != nil {
		return "", err
	}
	h, done, err := local.Reading(c.Data, settings, time.Now)
	if err != nil {
		return "", err
	}
	said, err := blocked(ctx, h, do, who)
	return said, errors.Join(err, done())
}

// blockedPath is what a running desk is asked by.
const blockedPath = "/blocked"

// answerBlocked answers who asks the running desk.
func answerBlocked(ctx context.Context, w http.ResponseWriter, h *desks.Home, q url.Values) {
	said, err := blocked(ctx, h, q.Get("do"), q.Get("sender"))
	if err != nil {
		w.WriteHeader(http.StatusUnprocessableEntity)
		said = err.Error()
	}
	_, _ = io.WriteString(w, said)
}

// blocked lists who is blocked, blocks a sender, or ends that, and says what was done.
func blocked(ctx context.Context, h *desks.Home, do, who string) (string, error) {
	settings, err := h.Settings(ctx)
	if err != nil {
		return "", err
	}
	list, err := h.Store.Blocks(ctx)
	if err != nil || do == "list" {
		return blockedList(settings, list), err
	}
	name := sender.Name(who)
	shown := article.Printable(strings.TrimPrefix(name, "@"))
	i := slices.IndexFunc(list, func(b desk.Block) bool { return b.Sender == name })
	if do == "remove" {
		if name == "" || i < 0 {
			return "", fmt.Errorf("%s is not blocked, and nothing was changed; \"replywell blocked list\" says who is", article.Printable(who))
		}
		b := list[i]
		b.Lifted = true
		return shown + " is not blocked any more. What was held stays held; a lead can let it in.\n", h.Store.SetBlocks(ctx, b)
	}
	if why, _ := commands.Unblockable(settings, name); why != "" {
		return "", fmt.Errorf("nobody was blocked: %s: %s", article.Printable(who), article.Printable(why))
	}
	if i >= 0 && !list[i].Spam && !list[i].Unproven {
		return "", fmt.Errorf("%s is blocked already, and nothing was changed", shown)
	}
	if err := h.Store.SetBlocks(ctx, desk.Block{Sender: name, At: h.Now()}); err != nil {
		return "", err
	}
	if strings.HasPrefix(name, "@") {
		shown += " and all below it"
	}
	return "Mail from " + shown + " is kept aside from now on, replies too. A lead sees in the list of held mail how much came, and can let it in.\n", nil
}

// blockedList is a line for each who is blocked.
func blockedList(settings *desk.Settings, list []desk.Block) string {
	if len(list) == 0 {
		return "Nobody is blocked.\n"
	}
	var out strings.Builder
	for _, b := range list {
		by := "by the operator"
		if a, ok := settings.Agent(b.By); ok {
			by = "by " + a.Name
		} else if b.By != "" {
			by = "by " + b.By
		}
		how := "blocked"
		if b.Spam {
			how = "as spam"
		}
		if b.Unproven {
			how += ", unproven mail only"
		}
		fmt.Fprintf(&out, "%s  %s, %s, %s", b.At.UTC().Format("2006-01-02 15:04"), article.Printable(strings.TrimPrefix(b.Sender, "@")), how, article.Printable(by))
		if b.Conversation != "" {
			fmt.Fprintf(&out, " in [%s]", b.Conversation.Reference())
		}
		out.WriteString("\n")
	}
	return out.String()
}
