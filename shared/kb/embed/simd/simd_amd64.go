package simd

import "golang.org/x/sys/cpu"

// every are the kernels that this machine has, the fastest last.
var every = func() (all []*kernels) {
	if !cpu.X86.HasAVX2 {
		return nil
	}
	k := kernels{name: "AVX2", scores: scores, softmax: softmax, mix: mix, gelu: geluAll, peak: peak, round: round, numbers: numbers}
	all = append(all, &k)
	if cpu.X86.HasAVX512F {
		broad := k
		broad.name, broad.softmax = "AVX-512", softmaxBroad
		all = append(all, &broad)
	}
	return all
}()

//go:noescape
func scores(out, q, k *float32, stride, n int)

//go:noescape
func softmax(w *float32, n int)

//go:noescape
func softmaxBroad(w *float32, n int)

//go:noescape
func mix(out, w, v *float32, stride, n int)

//go:noescape
func geluAll(x, table *float32, n int)

//go:noescape
func peak(x *float32, n int) uint32

//go:noescape
func round(to *int8, x *float32, n int, k float32)

//go:noescape
func numbers(to *float32, sums *int32, scale, bias *float32, n int, unit float32)
