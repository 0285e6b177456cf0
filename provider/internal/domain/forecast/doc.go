// Package forecast determines what a plan means for a domain before anything is done: the changes and what they cost, warnings for the
// reader of the plan, and checks against the host.
package forecast
