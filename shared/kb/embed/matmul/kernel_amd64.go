package matmul

import "golang.org/x/sys/cpu"

func fast() (k []kernel) {
	if cpu.X86.HasAVX512VNNI && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512BW {
		k = append(k, kernel{"AVX-512 VNNI", true, func(s *sums, w, x []int8) { vnni(s, &w[0], &x[0], len(x)/abreast) }})
	}
	if cpu.X86.HasAVX2 {
		k = append(k, kernel{"AVX2", false, func(s *sums, w, x []int8) { avx2(s, &w[0], &x[0], len(x)/abreast) }})
	}
	return k
}

//go:noescape
func vnni(s *sums, w, x *int8, stride int)

//go:noescape
func avx2(s *sums, w, x *int8, stride int)
