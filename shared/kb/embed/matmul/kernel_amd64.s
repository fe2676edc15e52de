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
