package buildout

// WithFault has every change that the engine makes to the disk ask f before.
func WithFault(o Options, f func(op, path string) error) Options {
	o.fault = f
	return o
}
