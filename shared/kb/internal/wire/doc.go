// Package wire writes tables of numbers as they stand in memory, and opens them without
// copying any.
//
// What it writes is a row of fields, each a count of bytes (uint32, little endian),
// padding to a multiple of four, and the bytes. The machines this runs on (amd64, arm64)
// are little endian; on another, tables are copied.
package wire
