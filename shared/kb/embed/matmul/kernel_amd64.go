package matmul

import "golang.org/x/sys/cpu"

func fast() (k []kernel) {
	if cpu.X86.HasAVX512VNNI && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512BW {
		k = append(k, kernel{name: "AVX-512 VNNI", unsigned: true,
			run: func(s *sums, w, x []int8) { vnni(s, &w[0], &x[0], len(x)/abreast) },
			broad: func(s *sums, offset *[panels * panel]int32, w, x []int8) {
				vnniBroad(s, offset, &w[0], &x[0], len(x)/broad)
			}})
	}
	if cpu.X86.HasAVX2 {
		k = append(k, kernel{name: "AVX2", run: func(s *sums, w, x []int8) { avx2(s, &w[0], &x[0], len(x)/abreast) }})
	}
	return k
}

//go:noescape
func vnni(s *sums, w, x *int8, stride int)

//go:noescape
func vnniBroad(s *sums, offset *[panels * panel]int32, w, x *int8, stride int)

//go:noescape
func avx2(s *sums, w, x *int8, stride int)
