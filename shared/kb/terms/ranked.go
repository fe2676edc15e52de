package terms

import "slices"

// CompareDown orders by a number, the greatest first, and equal ones by place.
func CompareDown(a, b float32, i, j int) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return i - j
}

// Best gives the places with the greatest scores, at most so many. It changes order.
func Best(order []int, scores []float32, most int) []int {
	slices.SortFunc(order, func(a, b int) int { return CompareDown(scores[a], scores[b], a, b) })
	return order[:min(most, len(order))]
}
