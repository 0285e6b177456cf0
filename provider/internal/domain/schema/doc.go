// Package schema says what a domain is: the rows of its attributes, where each stands in libvirt's XML, and the rules between them. It works on
// models and XML alone and needs no connection.
package schema
