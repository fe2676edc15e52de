#include "textflag.h"

// Go's assembler has no name for SDOT (vector, by element); this is its encoding
// (Arm Architecture Reference Manual, C7.2): to each of D's four sums the product
// of four bytes of N with the four bytes number I of M is added.
#define SDOT(D, N, M, I) WORD $(0x4f80e000 | ((I)&1)<<21 | (M)<<16 | ((I)>>1)<<11 | (N)<<5 | (D))

// Four rows of the panel are 64 bytes of w, sixteen columns of four bytes, in
// V20..V23; sixteen bytes of each row of activations serve four such groups.
//
//	R0 s   R1 w   R2..R5 the four rows of x   R6 bytes left of each
//	V0..V15 sums, four registers a row   V16..V19 activations
#define GROUP(I) \
	VLD1.P 64(R1), [V20.B16, V21.B16, V22.B16, V23.B16] \
	SDOT(0, 20, 16, I) \
	SDOT(1, 21, 16, I) \
	SDOT(2, 22, 16, I) \
	SDOT(3, 23, 16, I) \
	SDOT(4, 20, 17, I) \
	SDOT(5, 21, 17, I) \
	SDOT(6, 22, 17, I) \
	SDOT(7, 23, 17, I) \
	SDOT(8, 20, 18, I) \
	SDOT(9, 21, 18, I) \
	SDOT(10, 22, 18, I) \
	SDOT(11, 23, 18, I) \
	SDOT(12, 20, 19, I) \
	SDOT(13, 21, 19, I) \
	SDOT(14, 22, 19, I) \
	SDOT(15, 23, 19, I)

// func sdot(s *sums, w, x *int8, stride int)
TEXT ·sdot(SB), NOSPLIT, $0-32
	MOVD s+0(FP), R0
	MOVD w+8(FP), R1
	MOVD x+16(FP), R2
	MOVD stride+24(FP), R6
	ADD R6, R2, R3
	ADD R6, R3, R4
	ADD R6, R4, R5
	VEOR V0.B16, V0.B16, V0.B16
	VEOR V1.B16, V1.B16, V1.B16
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16
	VEOR V4.B16, V4.B16, V4.B16
	VEOR V5.B16, V5.B16, V5.B16
	VEOR V6.B16, V6.B16, V6.B16
	VEOR V7.B16, V7.B16, V7.B16
	VEOR V8.B16, V8.B16, V8.B16
	VEOR V9.B16, V9.B16, V9.B16
	VEOR V10.B16, V10.B16, V10.B16
	VEOR V11.B16, V11.B16, V11.B16
	VEOR V12.B16, V12.B16, V12.B16
	VEOR V13.B16, V13.B16, V13.B16
	VEOR V14.B16, V14.B16, V14.B16
	VEOR V15.B16, V15.B16, V15.B16

loop:
	VLD1.P 16(R2), [V16.B16]
	VLD1.P 16(R3), [V17.B16]
	VLD1.P 16(R4), [V18.B16]
	VLD1.P 16(R5), [V19.B16]
	GROUP(0)
	GROUP(1)
	GROUP(2)
	GROUP(3)
	SUBS $16, R6, R6
	BNE loop

	VST1.P [V0.B16, V1.B16, V2.B16, V3.B16], 64(R0)
	VST1.P [V4.B16, V5.B16, V6.B16, V7.B16], 64(R0)
	VST1.P [V8.B16, V9.B16, V10.B16, V11.B16], 64(R0)
	VST1.P [V12.B16, V13.B16, V14.B16, V15.B16], 64(R0)
	RET
