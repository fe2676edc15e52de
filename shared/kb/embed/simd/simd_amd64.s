#include "textflag.h"

// The products of eight queries with two keys, a number of each: four sums a key, as
// plain Go has them.
//   Y0..Y3 sums of the first key   Y4..Y7 of the second
#define PRODUCT(I, FIRST, SECOND) \
	VMOVUPS (I*32)(SI), Y8        \
	VBROADCASTSS (I*4)(AX), Y9    \
	VBROADCASTSS (I*4)(BX), Y10   \
	VMULPS Y8, Y9, Y9             \
	VMULPS Y8, Y10, Y10           \
	VADDPS Y9, FIRST, FIRST       \
	VADDPS Y10, SECOND, SECOND

#define FOUR(I) \
	PRODUCT(I, Y0, Y4)     \
	PRODUCT((I+1), Y1, Y5) \
	PRODUCT((I+2), Y2, Y6) \
	PRODUCT((I+3), Y3, Y7)

// func scores(out, q, k *float32, stride, n int)
// q has 32 numbers of eight queries side by side; out gets eight products for each of n
// keys, and, where n is odd, eight that are of no use.
TEXT ·scores(SB), NOSPLIT, $0-40
	MOVQ out+0(FP), DI
	MOVQ q+8(FP), SI
	MOVQ k+16(FP), AX
	MOVQ stride+24(FP), R8
	MOVQ n+32(FP), CX

scoresLoop:
	MOVQ AX, BX
	CMPQ CX, $1
	JEQ scoresLast
	ADDQ R8, BX
scoresLast:
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	FOUR(0)
	FOUR(4)
	FOUR(8)
	FOUR(12)
	FOUR(16)
	FOUR(20)
	FOUR(24)
	FOUR(28)
	VADDPS Y1, Y0, Y0
	VADDPS Y3, Y2, Y2
	VADDPS Y2, Y0, Y0
	VADDPS Y5, Y4, Y4
	VADDPS Y7, Y6, Y6
	VADDPS Y6, Y4, Y4
	VMOVUPS Y0, (DI)
	VMOVUPS Y4, 32(DI)
	ADDQ $64, DI
	LEAQ (BX)(R8*1), AX
	SUBQ $2, CX
	JG scoresLoop
	VZEROUPPER
	RET

DATA exponent<>+0(SB)/8, $-104.0
DATA exponent<>+8(SB)/8, $1.4426950408889634074 // 1/ln 2
DATA exponent<>+16(SB)/8, $6755399441055744.0   // 3·2^51
DATA exponent<>+24(SB)/8, $6.93147180369123816490e-01
DATA exponent<>+32(SB)/8, $1.90821492927058770002e-10
GLOBL exponent<>(SB), RODATA|NOPTR, $40

// The exponential of X's four numbers of 64 bits, by T, K and R.
//   Y8 least  Y9 1/ln 2  Y10 3·2^51  Y11, Y12 ln 2  R9 the series
#define STEP(I, R, P) \
	VMULPD R, P, P                 \
	VBROADCASTSD (I*8)(R9), Y7     \
	VADDPD Y7, P, P

#define EXP(X, T, K) \
	VMAXPD Y8, X, X   \
	VMULPD Y9, X, T   \
	VADDPD Y10, T, T  \
	VSUBPD Y10, T, K  \
	VMULPD Y11, K, Y7 \
	VSUBPD Y7, X, X   \
	VMULPD Y12, K, Y7 \
	VSUBPD Y7, X, X   \
	VBROADCASTSD (R9), K \
	STEP(1, X, K)     \
	STEP(2, X, K)     \
	STEP(3, X, K)     \
	STEP(4, X, K)     \
	STEP(5, X, K)     \
	STEP(6, X, K)     \
	STEP(7, X, K)     \
	STEP(8, X, K)     \
	STEP(9, X, K)     \
	STEP(10, X, K)    \
	STEP(11, X, K)    \
	STEP(12, X, K)    \
	VPSLLQ $52, T, T  \
	VPADDQ T, K, X

// func softmax(w *float32, n int)
// Eight columns of n numbers: each less its column's largest, exponentiated, and over
// their sum.
TEXT ·softmax(SB), NOSPLIT, $0-16
	MOVQ w+0(FP), DI
	MOVQ n+8(FP), CX
	LEAQ ·taylor(SB), R9
	LEAQ exponent<>(SB), R10
	VBROADCASTSD (R10), Y8
	VBROADCASTSD 8(R10), Y9
	VBROADCASTSD 16(R10), Y10
	VBROADCASTSD 24(R10), Y11
	VBROADCASTSD 32(R10), Y12

	MOVQ DI, SI
	MOVQ CX, DX
	VMOVUPS (SI), Y14 // the largest
softmaxTop:
	VMAXPS (SI), Y14, Y14
	ADDQ $32, SI
	DECQ DX
	JNZ softmaxTop

	MOVQ DI, SI
	MOVQ CX, DX
	VXORPS Y13, Y13, Y13 // the sum
softmaxExp:
	VMOVUPS (SI), Y0
	VSUBPS Y14, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VCVTPS2PD X0, Y0
	VCVTPS2PD X1, Y1
	EXP(Y0, Y2, Y3)
	EXP(Y1, Y4, Y5)
	VCVTPD2PSY Y0, X0
	VCVTPD2PSY Y1, X1
	VINSERTF128 $1, X1, Y0, Y0
	VADDPS Y0, Y13, Y13
	VMOVUPS Y0, (SI)
	ADDQ $32, SI
	DECQ DX
	JNZ softmaxExp

softmaxShare:
	VMOVUPS (DI), Y0
	VDIVPS Y13, Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ $32, DI
	DECQ CX
	JNZ softmaxShare
	VZEROUPPER
	RET

#define BROADSTEP(I) \
	VMULPD Z1, Z3, Z3             \
	VADDPD.BCST (I*8)(R9), Z3, Z3

// func softmaxBroad(w *float32, n int)
// The same with eight numbers of 64 bits in a register.
TEXT ·softmaxBroad(SB), NOSPLIT, $0-16
	MOVQ w+0(FP), DI
	MOVQ n+8(FP), CX
	LEAQ ·taylor(SB), R9
	LEAQ exponent<>(SB), R10
	VBROADCASTSD (R10), Z8
	VBROADCASTSD 8(R10), Z9
	VBROADCASTSD 16(R10), Z10
	VBROADCASTSD 24(R10), Z11
	VBROADCASTSD 32(R10), Z12

	MOVQ DI, SI
	MOVQ CX, DX
	VMOVUPS (SI), Y14
broadTop:
	VMAXPS (SI), Y14, Y14
	ADDQ $32, SI
	DECQ DX
	JNZ broadTop

	MOVQ DI, SI
	MOVQ CX, DX
	VXORPS Y13, Y13, Y13
broadExp:
	VMOVUPS (SI), Y0
	VSUBPS Y14, Y0, Y0
	VCVTPS2PD Y0, Z1
	VMAXPD Z8, Z1, Z1
	VMULPD Z9, Z1, Z2
	VADDPD Z10, Z2, Z2
	VSUBPD Z10, Z2, Z3
	VMULPD Z11, Z3, Z4
	VSUBPD Z4, Z1, Z1
	VMULPD Z12, Z3, Z4
	VSUBPD Z4, Z1, Z1
	VBROADCASTSD (R9), Z3
	BROADSTEP(1)
	BROADSTEP(2)
	BROADSTEP(3)
	BROADSTEP(4)
	BROADSTEP(5)
	BROADSTEP(6)
	BROADSTEP(7)
	BROADSTEP(8)
	BROADSTEP(9)
	BROADSTEP(10)
	BROADSTEP(11)
	BROADSTEP(12)
	VPSLLQ $52, Z2, Z2
	VPADDQ Z2, Z3, Z1
	VCVTPD2PS Z1, Y0
	VADDPS Y0, Y13, Y13
	VMOVUPS Y0, (SI)
	ADDQ $32, SI
	DECQ DX
	JNZ broadExp

broadShare:
	VMOVUPS (DI), Y0
	VDIVPS Y13, Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ $32, DI
	DECQ CX
	JNZ broadShare
	VZEROUPPER
	RET

#define VALUE(I, V, A, B) \
	VMULPS V, Y12, Y14 \
	VMULPS V, Y13, Y15 \
	VADDPS Y14, A, A   \
	VADDPS Y15, B, B

// func mix(out, w, v *float32, stride, n int)
// For each of eight queries the sum of n values of 32 numbers, each times its weight.
// Two queries at a time: Y0..Y3 the first's, Y4..Y7 the second's.
TEXT ·mix(SB), NOSPLIT, $0-40
	MOVQ out+0(FP), DI
	MOVQ w+8(FP), SI
	MOVQ v+16(FP), R10
	MOVQ stride+24(FP), R8
	MOVQ n+32(FP), R11
	MOVQ $4, R9

mixQueries:
	MOVQ SI, BX
	MOVQ R10, AX
	MOVQ R11, CX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
mixValues:
	VBROADCASTSS (BX), Y12
	VBROADCASTSS 4(BX), Y13
	VMOVUPS (AX), Y8
	VMOVUPS 32(AX), Y9
	VMOVUPS 64(AX), Y10
	VMOVUPS 96(AX), Y11
	VALUE(0, Y8, Y0, Y4)
	VALUE(1, Y9, Y1, Y5)
	VALUE(2, Y10, Y2, Y6)
	VALUE(3, Y11, Y3, Y7)
	ADDQ $32, BX
	ADDQ R8, AX
	DECQ CX
	JNZ mixValues
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	VMOVUPS Y4, 128(DI)
	VMOVUPS Y5, 160(DI)
	VMOVUPS Y6, 192(DI)
	VMOVUPS Y7, 224(DI)
	ADDQ $256, DI
	ADDQ $8, SI
	DECQ R9
	JNZ mixQueries
	VZEROUPPER
	RET

DATA line<>+0(SB)/4, $6.0
DATA line<>+4(SB)/4, $-6.0
DATA line<>+8(SB)/4, $256.0
DATA line<>+12(SB)/4, $3072.0
GLOBL line<>(SB), RODATA|NOPTR, $16

// func geluAll(x, table *float32, n int)
TEXT ·geluAll(SB), NOSPLIT, $0-24
	MOVQ x+0(FP), DI
	MOVQ table+8(FP), SI
	MOVQ n+16(FP), CX
	LEAQ line<>(SB), AX
	VBROADCASTSS (AX), Y10
	VBROADCASTSS 4(AX), Y11
	VBROADCASTSS 8(AX), Y12
	VBROADCASTSS 12(AX), Y13
	VXORPS Y14, Y14, Y14

geluLoop:
	VMOVUPS (DI), Y0
	VADDPS Y10, Y0, Y1
	VMULPS Y12, Y1, Y1  // the place in the table
	VMAXPS Y14, Y1, Y1
	VMINPS Y13, Y1, Y1
	VCVTTPS2DQ Y1, Y2
	VCVTDQ2PS Y2, Y3
	VPCMPEQD Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VGATHERDPS Y4, (SI)(Y2*4), Y5
	VPCMPEQD Y4, Y4, Y4
	VXORPS Y6, Y6, Y6
	VGATHERDPS Y4, 4(SI)(Y2*4), Y6
	VSUBPS Y5, Y6, Y6
	VSUBPS Y3, Y1, Y1
	VMULPS Y1, Y6, Y6
	VADDPS Y6, Y5, Y5
	VCMPPS $0x0D, Y10, Y0, Y7 // at the upper end or above: itself
	VBLENDVPS Y7, Y0, Y5, Y5
	VCMPPS $0x0E, Y11, Y0, Y7 // above the lower end, else zero
	VANDPS Y7, Y5, Y5
	VMOVUPS Y5, (DI)
	ADDQ $32, DI
	SUBQ $8, CX
	JNZ geluLoop
	VZEROUPPER
	RET

// func peak(x *float32, n int) uint32
// The bits of the largest amount.
TEXT ·peak(SB), NOSPLIT, $0-20
	MOVQ x+0(FP), SI
	MOVQ n+8(FP), CX
	VPCMPEQD Y15, Y15, Y15
	VPSRLD $1, Y15, Y15
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3

peakLoop:
	VPAND (SI), Y15, Y4
	VPAND 32(SI), Y15, Y5
	VPAND 64(SI), Y15, Y6
	VPAND 96(SI), Y15, Y7
	VPMAXUD Y4, Y0, Y0
	VPMAXUD Y5, Y1, Y1
	VPMAXUD Y6, Y2, Y2
	VPMAXUD Y7, Y3, Y3
	ADDQ $128, SI
	SUBQ $32, CX
	JNZ peakLoop

	VPMAXUD Y1, Y0, Y0
	VPMAXUD Y3, Y2, Y2
	VPMAXUD Y2, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPMAXUD X1, X0, X0
	VPSHUFD $0x4E, X0, X1
	VPMAXUD X1, X0, X0
	VPSHUFD $0xB1, X0, X1
	VPMAXUD X1, X0, X0
	VMOVD X0, AX
	MOVL AX, ret+16(FP)
	VZEROUPPER
	RET

DATA order<>+0(SB)/4, $0
DATA order<>+4(SB)/4, $4
DATA order<>+8(SB)/4, $1
DATA order<>+12(SB)/4, $5
DATA order<>+16(SB)/4, $2
DATA order<>+20(SB)/4, $6
DATA order<>+24(SB)/4, $3
DATA order<>+28(SB)/4, $7
GLOBL order<>(SB), RODATA|NOPTR, $32

#define ROUND(AT, X, T) \
	VMULPS AT(SI), Y15, X \
	VANDPS Y14, X, T      \
	VORPS Y13, T, T       \
	VADDPS T, X, X        \
	VCVTTPS2DQ X, X

// func round(to *int8, x *float32, n int, k float32)
TEXT ·round(SB), NOSPLIT, $0-28
	MOVQ to+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ n+16(FP), CX
	VBROADCASTSS k+24(FP), Y15
	VPCMPEQD Y14, Y14, Y14
	VPSLLD $31, Y14, Y14 // the sign
	MOVL $0x3f000000, AX
	VMOVD AX, X13
	VPBROADCASTD X13, Y13 // a half
	VMOVDQU order<>(SB), Y12

roundLoop:
	ROUND(0, Y0, Y4)
	ROUND(32, Y1, Y5)
	ROUND(64, Y2, Y6)
	ROUND(96, Y3, Y7)
	VPACKSSDW Y1, Y0, Y0
	VPACKSSDW Y3, Y2, Y2
	VPACKSSWB Y2, Y0, Y0
	VPERMD Y0, Y12, Y0
	VMOVDQU Y0, (DI)
	ADDQ $128, SI
	ADDQ $32, DI
	SUBQ $32, CX
	JNZ roundLoop
	VZEROUPPER
	RET

// func numbers(to *float32, sums *int32, scale, bias *float32, n int, unit float32)
TEXT ·numbers(SB), NOSPLIT, $0-44
	MOVQ to+0(FP), DI
	MOVQ sums+8(FP), SI
	MOVQ scale+16(FP), AX
	MOVQ bias+24(FP), BX
	MOVQ n+32(FP), CX
	VBROADCASTSS unit+40(FP), Y15

numbersLoop:
	VCVTDQ2PS (SI), Y0
	VMULPS Y15, Y0, Y0
	VMULPS (AX), Y0, Y0
	VADDPS (BX), Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ $32, SI
	ADDQ $32, AX
	ADDQ $32, BX
	ADDQ $32, DI
	SUBQ $8, CX
	JNZ numbersLoop
	VZEROUPPER
	RET
