// Package visible tells what was newly written in a mail from what was quoted.
package visible
