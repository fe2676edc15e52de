#include "textflag.h"

// Both kernels: for each four rows of the panel (64 bytes of w: sixteen columns
// of four bytes), and each of four rows of activations (four bytes, broadcast),
// sixteen sums in two registers of eight.
//
//	DI s   SI w   AX, BX, CX, DX the four rows of x   R8 bytes left of each
//	Y0..Y7 sums, two a row   Y8, Y9 weights

// func vnni(s *sums, w, x *int8, stride int)
TEXT ·vnni(SB), NOSPLIT, $0-32
	MOVQ s+0(FP), DI
	MOVQ w+8(FP), SI
	MOVQ x+16(FP), AX
	MOVQ stride+24(FP), R8
	LEAQ (AX)(R8*1), BX
	LEAQ (BX)(R8*1), CX
	LEAQ (CX)(R8*1), DX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7
	MOVL $0x80808080, R9 // x as unsigned: 128 more
	MOVQ R9, X15
	VPBROADCASTD X15, Y15

vnniLoop:
	VMOVDQU (SI), Y8
	VMOVDQU 32(SI), Y9
	VPBROADCASTD (AX), Y10
	VPBROADCASTD (BX), Y11
	VPBROADCASTD (CX), Y12
	VPBROADCASTD (DX), Y13
	VPXOR Y15, Y10, Y10
	VPXOR Y15, Y11, Y11
	VPXOR Y15, Y12, Y12
	VPXOR Y15, Y13, Y13
	VPDPBUSD Y8, Y10, Y0
	VPDPBUSD Y9, Y10, Y1
	VPDPBUSD Y8, Y11, Y2
	VPDPBUSD Y9, Y11, Y3
	VPDPBUSD Y8, Y12, Y4
	VPDPBUSD Y9, Y12, Y5
	VPDPBUSD Y8, Y13, Y6
	VPDPBUSD Y9, Y13, Y7
	ADDQ $64, SI
	ADDQ $4, AX
	ADDQ $4, BX
	ADDQ $4, CX
	ADDQ $4, DX
	SUBQ $4, R8
	JNZ vnniLoop

	VMOVDQU Y0, (DI)
	VMOVDQU Y1, 32(DI)
	VMOVDQU Y2, 64(DI)
	VMOVDQU Y3, 96(DI)
	VMOVDQU Y4, 128(DI)
	VMOVDQU Y5, 160(DI)
	VMOVDQU Y6, 192(DI)
	VMOVDQU Y7, 224(DI)
	VZEROUPPER
	RET

// Two panels with eight rows: 32 columns in two registers of sixteen, Z0..Z7 the sums of
// the first panel, Z8..Z15 those of the second. They begin below zero by what taking the
// activations as unsigned adds.
#define BROAD(X, T, LOW, HIGH) \
	VPBROADCASTD X, T     \
	VPXORD Z31, T, T      \
	VPDPBUSD Z16, T, LOW  \
	VPDPBUSD Z17, T, HIGH

// func vnniBroad(s *sums, offset *[32]int32, w, x *int8, stride int)
TEXT ·vnniBroad(SB), NOSPLIT, $0-40
	MOVQ s+0(FP), DI
	MOVQ offset+8(FP), DX
	MOVQ w+16(FP), SI
	MOVQ x+24(FP), AX
	MOVQ stride+32(FP), R8
	LEAQ (R8)(R8*2), R9
	LEAQ (AX)(R9*1), R10
	LEAQ (R10)(R9*1), R11
	MOVQ R8, R9
	SHLQ $4, R9
	LEAQ (SI)(R9*1), BX // the second panel
	VPXORD Z0, Z0, Z0
	VPXORD Z8, Z8, Z8
	VPSUBD (DX), Z0, Z0
	VPSUBD 64(DX), Z8, Z8
	VMOVDQA32 Z0, Z1
	VMOVDQA32 Z8, Z9
	VMOVDQA32 Z0, Z2
	VMOVDQA32 Z8, Z10
	VMOVDQA32 Z0, Z3
	VMOVDQA32 Z8, Z11
	VMOVDQA32 Z0, Z4
	VMOVDQA32 Z8, Z12
	VMOVDQA32 Z0, Z5
	VMOVDQA32 Z8, Z13
	VMOVDQA32 Z0, Z6
	VMOVDQA32 Z8, Z14
	VMOVDQA32 Z0, Z7
	VMOVDQA32 Z8, Z15
	MOVL $0x80808080, R9
	VPBROADCASTD R9, Z31
	MOVQ R8, CX

broadLoop:
	VMOVDQU32 (SI), Z16
	VMOVDQU32 (BX), Z17
	BROAD((AX), Z18, Z0, Z8)
	BROAD((AX)(R8*1), Z19, Z1, Z9)
	BROAD((AX)(R8*2), Z20, Z2, Z10)
	BROAD((R10), Z21, Z3, Z11)
	BROAD((R10)(R8*1), Z22, Z4, Z12)
	BROAD((R10)(R8*2), Z23, Z5, Z13)
	BROAD((R11), Z24, Z6, Z14)
	BROAD((R11)(R8*1), Z25, Z7, Z15)
	ADDQ $64, SI
	ADDQ $64, BX
	ADDQ $4, AX
	ADDQ $4, R10
	ADDQ $4, R11
	SUBQ $4, CX
	JNZ broadLoop

	VMOVDQU32 Z0, (DI)
	VMOVDQU32 Z8, 64(DI)
	VMOVDQU32 Z1, 128(DI)
	VMOVDQU32 Z9, 192(DI)
	VMOVDQU32 Z2, 256(DI)
	VMOVDQU32 Z10, 320(DI)
	VMOVDQU32 Z3, 384(DI)
	VMOVDQU32 Z11, 448(DI)
	VMOVDQU32 Z4, 512(DI)
	VMOVDQU32 Z12, 576(DI)
	VMOVDQU32 Z5, 640(DI)
	VMOVDQU32 Z13, 704(DI)
	VMOVDQU32 Z6, 768(DI)
	VMOVDQU32 Z14, 832(DI)
	VMOVDQU32 Z7, 896(DI)
	VMOVDQU32 Z15, 960(DI)
	VZEROUPPER
	RET

// VPMADDUBSW takes one side as unsigned and adds two products into 16 bits. So
// that side is the weights' amounts, and their signs go to the activations: two
// products of at most 127 by 127 stay below 32,768.
#define ROW(X, LOW, HIGH) \
	VPBROADCASTD (X), Y12   \
	VPSIGNB Y8, Y12, Y13    \
	VPSIGNB Y9, Y12, Y12    \
	VPMADDUBSW Y13, Y10, Y13 \
	VPMADDUBSW Y12, Y11, Y12 \
	VPMADDWD Y14, Y13, Y13  \
	VPMADDWD Y14, Y12, Y12  \
	VPADDD Y13, LOW, LOW    \
	VPADDD Y12, HIGH, HIGH

// func avx2(s *sums, w, x *int8, stride int)
TEXT ·avx2(SB), NOSPLIT, $0-32
	MOVQ s+0(FP), DI
	MOVQ w+8(FP), SI
	MOVQ x+16(FP), AX
	MOVQ stride+24(FP), R8
	LEAQ (AX)(R8*1), BX
	LEAQ (BX)(R8*1), CX
	LEAQ (CX)(R8*1), DX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7
	MOVL $0x00010001, R9 // ones, to add neighbours
	MOVQ R9, X14
	VPBROADCASTD X14, Y14

avx2Loop:
	VMOVDQU (SI), Y8
	VMOVDQU 32(SI), Y9
	VPABSB Y8, Y10
	VPABSB Y9, Y11
	ROW(AX, Y0, Y1)
	ROW(BX, Y2, Y3)
	ROW(CX, Y4, Y5)
	ROW(DX, Y6, Y7)
	ADDQ $64, SI
	ADDQ $4, AX
	ADDQ $4, BX
	ADDQ $4, CX
	ADDQ $4, DX
	SUBQ $4, R8
	JNZ avx2Loop

	VMOVDQU Y0, (DI)
	VMOVDQU Y1, 32(DI)
	VMOVDQU Y2, 64(DI)
	VMOVDQU Y3, 96(DI)
	VMOVDQU Y4, 128(DI)
	VMOVDQU Y5, 160(DI)
	VMOVDQU Y6, 192(DI)
	VMOVDQU Y7, 224(DI)
	VZEROUPPER
	RET
