//go:build !amd64

package simd

var every []*kernels
