// Package observe reads what a host says of a domain: its definition against what runs, what drifted, which devices are not declared, and its
// addresses.
package observe
