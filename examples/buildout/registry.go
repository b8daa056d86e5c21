package main

import (
	"github.com/go-buildout/go-buildout/buildout"
	"github.com/go-buildout/go-buildout/recipes"
)

// registry holds the recipes that this program knows. A program with recipes of
// its own registers them here.
func registry() *buildout.Registry { return recipes.All() }
