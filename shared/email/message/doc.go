// Package message turns the bytes of one Internet mail into values, and never refuses.
package message
