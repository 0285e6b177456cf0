// Package room counts the memory that one run of Terraform brings to each host, and admits what fits. In a plan it refuses what can't fit
// together; in an apply it reserves memory before a guest starts, moves or grows, and lets it wait for the guests that leave.
// It also decides when the guests of a rolling group may be interrupted: both wait for other changes of the same run.
package room
