package article

import (
	"embed"
	"io/fs"
)

//go:embed sample/*.md
var sample embed.FS

// Sample is the made-up lamp shop's knowledge base, for sample mode and as an
// example of the form.
func Sample() fs.FS {
	sub, err := fs.Sub(sample, "sample")
	if err != nil {
		panic("the sample articles are embedded: " + err.Error())
	}
	return sub
}
