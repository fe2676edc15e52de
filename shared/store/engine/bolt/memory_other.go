//go:build !linux

package bolt

// LetGo does nothing: here the system decides by itself.
func (e *Engine) LetGo() error { return nil }
