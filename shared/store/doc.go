// Package store keeps the desk's values, written once over a small engine.
package store
