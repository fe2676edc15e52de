// Package config reads what people and platforms tell the program: the one
// document that a team writes, and the environment that each function runs in.
//
// The document is YAML, versioned, and the same in both homes: a file on one
// machine, an object in the bucket in AWS. Parse reads it whole, reports every
// problem it finds with its line, all at once, and gives desk.Settings only
// when there is none: half a configuration is never used. An unknown key is a
// problem too, with the nearest known one as a hint, since a misspelled key
// that is passed over is a setting that somebody believes in.
//
// The environment is read here and nowhere else, one struct per function.
// Neither the document nor the environment's names hold secrets; those have
// their own place (a file of mode 0600, or Secrets Manager).
package config
